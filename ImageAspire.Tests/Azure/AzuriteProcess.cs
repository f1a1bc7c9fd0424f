using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Azure;

/// <summary>Azurite, the emulator of Azure Blob Storage, as a process that ends with this one, however this one ends.</summary>
internal sealed partial class AzuriteProcess : IDisposable
{
    // The emulator's published account: learn.microsoft.com/azure/storage/common/storage-use-azurite ("Well-known storage account and key").
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private AzuriteProcess(Process process, string address) =>
        (_process, ConnectionString) = (process, $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint={address}/{Account};");

    /// <summary>The connection string of its account.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts it on a port that is free; it listens when this returns.</summary>
    /// <param name="folder">Where it keeps its blobs; null for memory.</param>
    /// <exception cref="InvalidOperationException">It cannot be started here; the message says why.</exception>
    public static async Task<AzuriteProcess> StartAsync(string? folder = null)
    {
        if (NodePackages.Azurite.Missing is { } missing)
            throw new InvalidOperationException(missing);
        // Newer SDKs speak newer versions of the API than Azurite knows by name.
        string[] where = folder is null ? ["--inMemoryPersistence"] : ["--location", folder];
        var node = Process.Start(new ProcessStartInfo("node",
            ["start.cjs", "--blobHost", "127.0.0.1", "--blobPort", "0", "--skipApiVersionCheck", "--disableTelemetry", "--silent", .. where])
        {
            WorkingDirectory = NodePackages.Azurite.Folder, Environment = { ["IMAGEASPIRE_STOP_WITH_PARENT"] = "1" },
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var said = new StringBuilder();
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Hear(string? line)
        {
            if (line is null)
                return;
            lock (said)
                said.AppendLine(line);
            if (Listening().Match(line) is { Success: true } match)
                address.TrySetResult(match.Groups[1].Value);
        }

        node.OutputDataReceived += (_, line) => Hear(line.Data);
        node.ErrorDataReceived += (_, line) => Hear(line.Data);
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        if (await Task.WhenAny(address.Task, node.WaitForExitAsync(patience.Token)) == address.Task)
            return new AzuriteProcess(node, await address.Task);
        node.Kill(entireProcessTree: true);
        lock (said)
            throw new InvalidOperationException($"Azurite does not listen. It said: {said}");
    }

    /// <summary>Ends it as a crash would: nothing is written any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    [GeneratedRegex(@"listens on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
