using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Benchmarks.Harness;

namespace ImageAspire.Benchmarks.Peers;

/// <summary>Azurite, the emulator of Azure Blob Storage, as the peer that only stores bytes. It does not wait for the disk.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    private const string Version = "3.34.0";
    private const string Account = "devstoreaccount1";
    private const string Service = "2019-12-12";

    // The emulator's published account key: learn.microsoft.com/azure/storage/common/storage-use-azurite ("Well-known storage account and key").
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private readonly HttpClient _client;
    private readonly string _signature = AccountSignature();

    private Azurite(ChildProcess process, Uri address) => (Process, _client) = (process, HttpLoad.Client(address));

    public ChildProcess Process { get; }

    /// <summary>Starts it on a folder; null, with the reason on the error output, where it cannot be had.</summary>
    /// <param name="installed">Folder whose <c>node_modules</c> holds it; null to install it with npm.</param>
    /// <param name="dataFolder">Where it keeps its blobs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Azurite?> StartAsync(string? installed, string dataFolder, CancellationToken cancellationToken)
    {
        try
        {
            var script = Path.Combine(installed ?? await InstallAsync(cancellationToken), "node_modules", "azurite", "dist", "src", "blob", "main.js");
            var port = ChildProcess.FreePort();
            var process = ChildProcess.Start("node",
                [script, "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--location", dataFolder, "--blobKeepAliveTimeout", "120", "--silent", "--skipApiVersionCheck", "--disableTelemetry"]);
            var azurite = new Azurite(process, new Uri($"http://127.0.0.1:{port}"));
            await azurite.CreateContainerAsync(cancellationToken);
            return azurite;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync($"Azurite is left out: {error.Message}");
            return null;
        }
    }

    /// <summary>Stores one blob under a new name.</summary>
    public async Task PutAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Relative($"bench/{Guid.CreateVersion7():N}", "")) { Content = content };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        request.Headers.Add("x-ms-version", Service);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await _client.SendAsync(request, cancellationToken);
        await HttpLoad.ExpectAsync(response, HttpStatusCode.Created, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Process.DisposeAsync();
    }

    // Kept for the next run: the name has the version, and nothing else is ever put there.
    private static async Task<string> InstallAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"imageaspire-azurite-{Version}");
        if (File.Exists(Path.Combine(folder, "installed")))
            return folder;
        await Console.Error.WriteLineAsync($"installing azurite {Version} from npm into '{folder}' …");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), "{\"private\":true}", cancellationToken);
        await ChildProcess.RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
            ["install", $"azurite@{Version}", "--no-audit", "--no-fund", "--loglevel=error"], folder, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "installed"), "", cancellationToken);
        return folder;
    }

    private async Task CreateContainerAsync(CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Put, Relative("bench", "restype=container&"));
                request.Headers.Add("x-ms-version", Service);
                using var response = await _client.SendAsync(request, cancellationToken);
                await HttpLoad.ExpectAsync(response, HttpStatusCode.Created, cancellationToken);
                return;
            }
            catch (HttpRequestException) when (tries < 300 && !Process.HasExited)
            {
                await Task.Delay(100, cancellationToken); // not listening yet
            }
            catch (HttpRequestException error)
            {
                await DisposeAsync();
                throw new InvalidOperationException($"it does not listen. It said: {Process.LastLines}", error);
            }
        }
    }

    private Uri Relative(string path, string query) => new($"/{Account}/{path}?{query}{_signature}", UriKind.Relative);

    // An account SAS, signed once: learn.microsoft.com/rest/api/storageservices/create-account-sas ("Construct the signature string").
    private static string AccountSignature()
    {
        const string expiry = "2099-01-01T00:00:00Z";
        var text = $"{Account}\nrwc\nb\nsco\n\n{expiry}\n\n\n{Service}\n";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(AccountKey), Encoding.UTF8.GetBytes(text)));
        return $"sv={Service}&ss=b&srt=sco&sp=rwc&se={Uri.EscapeDataString(expiry)}&sig={Uri.EscapeDataString(signature)}";
    }
}
