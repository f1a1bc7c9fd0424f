using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Api;
using ImageAspire.Core.Access;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Tests.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>The real Api on a real port with a data folder of its own, and no worker: tests move records along themselves.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string AllKey = "key-with-every-scope";
    public const string ReadKey = "key-that-reads";
    public const string WriteKey = "key-that-writes";
    public const string LimitedKey = "key-with-a-limit";
    private readonly TempFolder _folder;
    private readonly Factory _factory;
    private readonly bool _ownsFolder;

    public ApiHost(params (string Key, string Value)[] settings)
        : this(_ => { }, settings)
    {
    }

    /// <summary>With other parts than the real ones.</summary>
    public ApiHost(Action<IServiceCollection> parts, params (string Key, string Value)[] settings)
        : this(new TempFolder(), true, parts, settings)
    {
    }

    /// <summary>One more on a folder that outlives it: another instance, or the same one after a restart.</summary>
    public ApiHost(TempFolder folder, Action<IServiceCollection>? parts = null, params (string Key, string Value)[] settings)
        : this(folder, false, parts ?? (_ => { }), settings)
    {
    }

    private ApiHost(TempFolder folder, bool ownsFolder, Action<IServiceCollection> parts, (string Key, string Value)[] settings)
    {
        (_folder, _ownsFolder) = (folder, ownsFolder);
        _factory = new Factory(_folder.Root, parts, settings);
        _factory.UseKestrel(); // the port is in the settings: giving it here races with the start of the server
        _factory.StartServer();
        Address = _factory.ClientOptions.BaseAddress;
        Client = ClientWith(AllKey);
    }

    public Uri Address { get; }

    /// <summary>The folder, for a worker beside it.</summary>
    public string DataFolder => _folder.Root;

    public HttpClient Client { get; }

    public IServiceProvider Services => _factory.Services;

    public IImageCatalog Catalog => Services.GetRequiredService<IImageCatalog>();

    public IBlobStore Blobs => Services.GetRequiredService<IBlobStore>();

    /// <summary>Files of uploads that are not finished.</summary>
    public int StagedFiles => FilesIn(Path.Combine(_folder.Root, "blobs", ".staging"));

    /// <summary>Files of the blob store, finished or not.</summary>
    public int StoredFiles => FilesIn(Path.Combine(_folder.Root, "blobs"));

    public HttpClient ClientWith(string? key, bool redirects = false)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = redirects, UseCookies = false }) { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }

    /// <summary>A client with the session of a key, as a browser has it.</summary>
    public async Task<HttpClient> SignedInAsync(string secret = AllKey)
    {
        var browser = ClientWith(null);
        using var signedIn = await browser.SignInAsync(secret);
        browser.DefaultRequestHeaders.Add("Cookie", Cookie(signedIn));
        return browser;
    }

    /// <summary>The token of a sign-in link, as the AppHost makes it from the first configured key.</summary>
    public static string LinkToken(DateTimeOffset until)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(AllKey));
        return SignedToken.Create("all", until).Sign(SignedToken.SignIn, SignedToken.SigningKey(hash, hash));
    }

    /// <summary>The session cookie that an answer sets.</summary>
    public static string Cookie(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    /// <summary>Announces an image and sends no byte of it: waits for the answer to its headers.</summary>
    /// <param name="key">API key.</param>
    /// <param name="length">More than 1,024 bytes: a shorter body is sent by .NET's client also after an answer that refuses it.</param>
    public async Task<HttpResponseMessage> AnnounceAsync(string? key, long length)
    {
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(30), UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = Address };
        using var body = new ByteArrayContent(new byte[length]);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/images") { Content = body };
        request.Headers.ExpectContinue = true;
        request.Headers.Add("X-API-Key", key);
        return await client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostRawAsync(byte[] file, string type = "image/jpeg", string? name = null)
    {
        var body = new ByteArrayContent(file);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (name is not null)
            body.Headers.Add("X-File-Name", Uri.EscapeDataString(name));
        return Client.PostAsync("/api/images", body);
    }

    public Task<HttpResponseMessage> PostFilesAsync(params (string Name, byte[] File)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, file) in files)
            form.Add(new ByteArrayContent(file), "file", name);
        return Client.PostAsync("/api/images", form);
    }

    /// <summary>A key made over HTTP.</summary>
    public async Task<(Guid Id, string Secret)> CreateKeyAsync(string name, params string[] scopes)
    {
        using var answer = await Client.PostAsJsonAsync("/api/keys", new { name, scopes, requestsPerSecond = 0 });
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created);
        var key = await answer.ReadAsync<KeyDto>();
        return (key.Id, key.Secret!);
    }

    public async Task<Guid> UploadAsync(int seed, string name = "photo.jpg")
    {
        using var answer = await PostRawAsync(TestImages.Jpeg(seed: seed), name: name);
        return (await answer.ReadAsync<ImageDto>()).Id;
    }

    public Task<Transition?> TransitionAsync(Guid id, Func<ImageRecord, Transition?> transition) => Catalog.TransitionAsync(id, transition, CancellationToken.None);

    public async Task AnalyzeAsync(Guid id, params string[] tags)
    {
        await TransitionAsync(id, record => ImageLifecycle.Inspect(record, Samples.Facts, Cause.Now("test", TimeProvider.System)));
        await TransitionAsync(id, record => ImageLifecycle.Analyze(record, Samples.Analysis with { Tags = [.. tags.Select(tag => new ImageTag(tag, 0.9))] },
            Cause.Now("test", TimeProvider.System)));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
        if (_ownsFolder)
            _folder.Dispose();
    }

    // The store makes its folders when it is first used.
    private static int FilesIn(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length : 0;

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private sealed class Factory(string data, Action<IServiceCollection> parts, (string Key, string Value)[] settings) : WebApplicationFactory<ApiOptions>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseUrls("http://127.0.0.1:0");
            builder.UseSetting("Embedded:DataFolder", data);
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            builder.UseSetting("Webhooks:Poll", "00:01:00"); // no Worker runs, and yet most tests want to see what waits for one
            builder.UseSetting("Embedded:ReserveFileBytes", "0"); // each test has a folder of its own
            Key(builder, 0, "all", AllKey, "read,write,operate", 0, 400);
            Key(builder, 1, "reader", ReadKey, "read", 0, 400);
            Key(builder, 2, "writer", WriteKey, "write", 0, 400);
            Key(builder, 3, "limited", LimitedKey, "read", 5, 3);
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
            builder.ConfigureTestServices(parts);
        }

        private static void Key(IWebHostBuilder builder, int index, string name, string key, string scopes, int rate, int burst)
        {
            builder.UseSetting($"Access:Keys:{index}:Name", name);
            builder.UseSetting($"Access:Keys:{index}:Sha256", Hash(key));
            builder.UseSetting($"Access:Keys:{index}:Scopes", scopes);
            builder.UseSetting($"Access:Keys:{index}:RequestsPerSecond", $"{rate}");
            builder.UseSetting($"Access:Keys:{index}:Burst", $"{burst}");
        }
    }
}
