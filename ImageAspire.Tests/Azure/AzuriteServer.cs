using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Azure;

/// <summary>
/// Azurite, the emulator of Azure Blob Storage: one process for all tests, in memory, on a port that is free. It ends with this process.
/// The environment variable IMAGEASPIRE_TEST_BLOBS names another server (a connection string); then none is started.
/// </summary>
internal static partial class AzuriteServer
{
    private const string Variable = "IMAGEASPIRE_TEST_BLOBS";

    // The emulator's published account: learn.microsoft.com/azure/storage/common/storage-use-azurite ("Well-known storage account and key").
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    private static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    /// <summary>Starts it when it does not run yet. Where it is not installed the test is skipped, but in CI (the variable CI is true) it fails.</summary>
    /// <returns>The connection string of its account.</returns>
    /// <exception cref="InvalidOperationException">It cannot be started here; the message says why.</exception>
    public static Task<string> ConnectAsync()
    {
        if (Given is { } given)
            return Task.FromResult(given);
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipWhen(NodePackages.Azurite.Missing is not null, $"{NodePackages.Azurite.Missing} Or set {Variable}.");
        return Started.Value;
    }

    private static async Task<string> StartAsync()
    {
        if (NodePackages.Azurite.Missing is { } missing)
            throw new InvalidOperationException(missing);
        // Newer SDKs speak newer versions of the API than Azurite knows by name. Port 0: any that is free.
        var node = Process.Start(new ProcessStartInfo("node",
            ["start.cjs", "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
        {
            WorkingDirectory = NodePackages.Azurite.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
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
                address.TrySetResult(match.Value);
        }

        node.OutputDataReceived += (_, line) => Hear(line.Data);
        node.ErrorDataReceived += (_, line) => Hear(line.Data);
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        if (await Task.WhenAny(address.Task, node.WaitForExitAsync(patience.Token)) != address.Task)
        {
            node.Kill(entireProcessTree: true);
            lock (said)
                throw new InvalidOperationException($"Azurite does not listen. It said: {said}");
        }

        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint={await address.Task}/{Account};";
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Listening();
}
