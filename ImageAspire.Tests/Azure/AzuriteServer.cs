using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

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
    private static readonly Lazy<string?> NotInstalled = new(WhatIsMissing);
    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    /// <summary>Why the tests that need it are skipped; null to run them. In CI (the variable CI is true) they are never skipped: they fail.</summary>
    public static string? SkipReason => Given is not null || Environment.GetEnvironmentVariable("CI") == "true" ? null : NotInstalled.Value;

    private static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    private static string Folder => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "Azurite"));

    /// <summary>Starts it when it does not run yet.</summary>
    /// <returns>The connection string of its account.</returns>
    /// <exception cref="InvalidOperationException">It cannot be started here; the message says why.</exception>
    public static Task<string> ConnectAsync() => Given is { } given ? Task.FromResult(given) : Started.Value;

    private static async Task<string> StartAsync()
    {
        if (NotInstalled.Value is { } missing)
            throw new InvalidOperationException(missing);
        // Newer SDKs speak newer versions of the API than Azurite knows by name. Port 0: any that is free.
        var node = Process.Start(new ProcessStartInfo("node",
            ["start.cjs", "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
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

    private static string? WhatIsMissing()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            node.WaitForExit();
        }
        catch (Win32Exception)
        {
            return $"No Node here to run Azurite. Install Node 20 or newer and build again, or set {Variable}.";
        }

        return File.Exists(Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "blob", "main.js")) ? null
            : $"Azurite is not installed: cd ImageAspire.Tests/Azurite; npm ci. Or set {Variable}.";
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Listening();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

/// <summary>The tests of this class need <see cref="AzuriteServer"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAzuriteAttribute : Attribute;
