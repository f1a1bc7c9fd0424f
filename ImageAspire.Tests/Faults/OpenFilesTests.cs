using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Faults.Crashes;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Faults;

/// <summary>An Api process that may open few files (<c>ulimit -n</c>), and clients that open many connections.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class OpenFilesTests : IDisposable
{
    private const int Limit = 640;
    private const int Connections = 64; // what that limit leaves (OpenFiles)
    private const int Opened = 200;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosedOthersAreAnsweredAndItRecovers()
    {
        Requires.Linux();
        using var system = new CrashSystem(CrashRunFixture.Options(_folder.Root) with
        {
            Api = new ProgramStart("sh", "-c", $"ulimit -n {Limit} && exec dotnet exec \"$0\"", Programs.Api),
        });
        using var api = system.StartApi();
        (await system.AnswersAsync(api, CancellationToken.None)).ShouldBeTrue(string.Join('\n', api.Lines));
        await AnswersAsync(system.Http);
        (await File.ReadAllLinesAsync($"/proc/{api.Id}/limits")).ShouldContain(line => line.StartsWith($"Max open files            {Limit} "));

        var files = Enumerable.Range(0, Opened).Select(number => TestImages.Jpeg(seed: number, padTo: 40_000)).ToList();
        var uploads = new List<Upload>();
        foreach (var file in files)
            uploads.Add(await Upload.BeginAsync(system.Address, file));
        // One place is that of the client which asked before.
        await Eventually.TrueAsync(() => uploads.Count(one => one.IsClosed) == Opened - (Connections - 1));
        await AnswersAsync(system.Http);

        var kept = uploads.Where(one => !one.IsClosed).ToList();
        (await Task.WhenAll(kept.Select(one => one.FinishAsync()))).ShouldAllBe(status => status == 202);
        foreach (var one in uploads)
            one.Dispose();

        // There is room again.
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections / 2 }) { BaseAddress = system.Address };
        client.DefaultRequestHeaders.Add("X-API-Key", CrashSystem.Key);
        var answers = await Task.WhenAll(files.Select(async file => await Eventually.ResultAsync(() => PostAsync(client, file))));
        answers.Count(status => status == HttpStatusCode.OK).ShouldBe(kept.Count); // those that were acknowledged
        answers.Count(status => status == HttpStatusCode.Accepted).ShouldBe(Opened - kept.Count);
        api.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task Files_NoneIsLeft_UploadsAreRefusedWithTheReasonAndGoOnWhenThereAreSome()
    {
        Requires.Linux();
        using var system = new CrashSystem(CrashRunFixture.Options(_folder.Root));
        using var api = system.StartApi(null, ("Webhooks__Poll", "00:00:01")); // as installed, and not as often as the crash run wants
        (await system.AnswersAsync(api, CancellationToken.None)).ShouldBeTrue(string.Join('\n', api.Lines));
        (await PostAsync(system.Http, TestImages.Jpeg(seed: 1))).ShouldBe(HttpStatusCode.Accepted);

        await AnswersAsync(system.Http); // on a connection that stays open
        Limits.SetOpenFiles(api.Id, 3); // those that are open stay
        using (var answer = await system.Http.PostAsync("/api/images", new ByteArrayContent(TestImages.Jpeg(seed: 2))))
        {
            await answer.ShouldBeProblemAsync(503, "storage-unavailable");
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        await AnswersAsync(system.Http);
        await Eventually.TrueAsync(() => api.Lines.Any(line => line.Contains("too many files are open")));
        Limits.SetOpenFiles(api.Id, null);

        (await PostAsync(system.Http, TestImages.Jpeg(seed: 2))).ShouldBe(HttpStatusCode.Accepted);
        api.HasExited.ShouldBeFalse();
    }

    private static async Task AnswersAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/images?limit=1");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, byte[] file)
    {
        using var body = new ByteArrayContent(file);
        using var answer = await client.PostAsync("/api/images", body);
        return answer.StatusCode;
    }

    /// <summary>An upload on a connection of its own, of which the half is sent.</summary>
    private sealed class Upload : IDisposable
    {
        private readonly TcpClient _connection = new();
        private readonly byte[] _file;
        private readonly byte[] _answer = new byte[4096];
        private Task<int> _reading = Task.FromResult(0);

        private Upload(byte[] file) => _file = file;

        /// <summary>Whether the Api has closed it.</summary>
        public bool IsClosed => _reading.IsFaulted || _reading.IsCompletedSuccessfully && _reading.Result == 0;

        public static async Task<Upload> BeginAsync(Uri address, byte[] file)
        {
            var upload = new Upload(file);
            await upload._connection.ConnectAsync(address.Host, address.Port);
            upload._reading = upload._connection.GetStream().ReadAsync(upload._answer).AsTask();
            var head = $"POST /api/images HTTP/1.1\r\nHost: {address.Authority}\r\nX-API-Key: {CrashSystem.Key}\r\nContent-Type: image/jpeg\r\nContent-Length: {file.Length}\r\n\r\n";
            await upload.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. file.AsSpan(0, file.Length / 2)]);
            return upload;
        }

        /// <summary>Sends the rest; the status of the answer.</summary>
        public async Task<int> FinishAsync()
        {
            await SendAsync(_file.AsMemory(_file.Length / 2));
            var length = await _reading;
            return int.Parse(Encoding.ASCII.GetString(_answer, 0, length).Split(' ')[1]);
        }

        public void Dispose() => _connection.Dispose();

        private async Task SendAsync(ReadOnlyMemory<byte> bytes)
        {
            try
            {
                await _connection.GetStream().WriteAsync(bytes);
            }
            catch (IOException)
            {
                // Closed, as the reading task says.
            }
        }
    }
}
