using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

public sealed class LiveTests
{
    [Fact]
    public async Task Events_Follow_TellWhatHappensAndResumeWhereTheyEnded()
    {
        await using var host = new ApiHost();
        using var live = await Stream.OpenAsync(host, null);
        var id = await host.UploadAsync(1);

        var received = await live.NextAsync();
        received.Event.ShouldBe("image.received");
        received.Data.ShouldContain($"\"image\":\"{id}\"");

        await host.Client.DeleteAsync($"/api/images/{id}");
        var deleted = await live.NextAsync();
        deleted.Event.ShouldBe("image.deleted");

        using var resumed = await Stream.OpenAsync(host, received.Id);
        (await resumed.NextAsync()).Id.ShouldBe(deleted.Id);
    }

    [Theory]
    [InlineData("01a1fc93-f8c3-7067-a5fa-fd8fb010ca2d")]
    [InlineData("nonsense")]
    public async Task Events_UnknownLastId_SayReset(string lastId)
    {
        await using var host = new ApiHost();

        using var live = await Stream.OpenAsync(host, lastId);

        (await live.NextAsync()).Event.ShouldBe("reset");
    }

    [Fact]
    public async Task Events_NoRoom_Is503()
    {
        await using var host = new ApiHost(("Api:LiveClients", "0"));

        await host.Client.GetAsync("/api/events").ShouldBeProblemAsync(503, "busy");
    }

    [Fact]
    public async Task Events_OneKeyTakesAll_OthersStillGetTheirShare()
    {
        await using var host = new ApiHost(("Api:LiveClients", "4"));
        var greedy = new List<Stream>();
        for (var i = 0; i < 4; i++)
            greedy.Add(await Stream.OpenAsync(host, null));

        using var other = host.ClientWith(ApiHost.ReadKey);
        using var first = await Stream.OpenAsync(other, null);
        using var second = await Stream.OpenAsync(other, null);

        await Should.ThrowAsync<InvalidOperationException>(greedy[3].NextAsync()); // made room
        await Should.ThrowAsync<InvalidOperationException>(greedy[2].NextAsync());
        await other.GetAsync("/api/events").ShouldBeProblemAsync(503, "busy"); // two and two: no key has more than its share
        await host.Client.GetAsync("/api/events").ShouldBeProblemAsync(503, "busy");
        await host.UploadAsync(1);
        (await first.NextAsync()).Event.ShouldBe("image.received");
        (await greedy[0].NextAsync()).Event.ShouldBe("image.received");
        greedy.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task Events_MoreThanAKeyMayHave_Is429UntilOneEnds()
    {
        await using var host = new ApiHost(("Api:LiveClientsPerKey", "1"));
        var stream = await Stream.OpenAsync(host, null);

        using var refused = await host.Client.GetAsync("/api/events");
        await refused.ShouldBeProblemAsync(429, "too-many-feeds");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        using var other = host.ClientWith(ApiHost.ReadKey);
        (await Stream.OpenAsync(other, null)).Dispose();

        stream.Dispose();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await host.Client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
            return answer.IsSuccessStatusCode;
        });
    }

    private sealed record Frame(string Id, string Event, string Data);

    private sealed class Stream(HttpResponseMessage answer, StreamReader reader) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        public static Task<Stream> OpenAsync(ApiHost host, string? lastId) => OpenAsync(host.Client, lastId);

        public static async Task<Stream> OpenAsync(HttpClient client, string? lastId)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
            if (lastId is not null)
                request.Headers.Add("Last-Event-ID", lastId);
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            (await reader.ReadLineAsync().WaitAsync(Patience)).ShouldBe("retry: 2000"); // the client is registered now
            await reader.ReadLineAsync().WaitAsync(Patience);
            return new Stream(answer, reader);
        }

        public async Task<Frame> NextAsync()
        {
            var frame = new Frame("", "", "");
            while (await reader.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                if (line.Length == 0 && frame.Event.Length > 0)
                    return frame;
                var (name, value) = (line.Split(": ")[0], line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
                frame = name switch { "id" => frame with { Id = value }, "event" => frame with { Event = value }, "data" => frame with { Data = value }, _ => frame };
            }

            throw new InvalidOperationException("The stream ended.");
        }

        public void Dispose()
        {
            reader.Dispose();
            answer.Dispose();
        }
    }
}
