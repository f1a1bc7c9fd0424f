using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Azure;

/// <summary>
/// One Azurite in memory for all tests. The environment variable IMAGEASPIRE_TEST_BLOBS names another server (a connection string); then none is started.
/// </summary>
internal static class AzuriteServer
{
    private const string Variable = "IMAGEASPIRE_TEST_BLOBS";
    private static readonly Lazy<Task<AzuriteProcess>> Started = new(() => AzuriteProcess.StartAsync());

    private static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    /// <summary>Starts it when it does not run yet. Where it is not installed the test is skipped, but in CI (the variable CI is true) it fails.</summary>
    /// <returns>The connection string of its account.</returns>
    /// <exception cref="InvalidOperationException">It cannot be started here; the message says why.</exception>
    public static async Task<string> ConnectAsync()
    {
        if (Given is { } given)
            return given;
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipWhen(NodePackages.Azurite.Missing is not null, $"{NodePackages.Azurite.Missing} Or set {Variable}.");
        return (await Started.Value).ConnectionString;
    }
}
