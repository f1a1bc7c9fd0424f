using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>The real Api, as a process of its own, on a data folder.</summary>
internal sealed class ApiServer(ChildProcess process, Uri address) : IAsyncDisposable
{
    /// <summary>The keys it knows: two, to separate readers from writers. Not limited: the limiter is not what is measured.</summary>
    public const string Key = "benchmark-reader-key";
    public const string SecondKey = "benchmark-writer-key";

    private static readonly ServerKey[] UsualKeys = [new("reader", Key), new("writer", SecondKey)];

    public Uri Address { get; } = address;

    public ChildProcess Process { get; } = process;

    /// <summary>Starts it without waiting.</summary>
    public static ApiServer Start(Published api, string dataFolder, IReadOnlyList<ServerKey>? keys = null)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        var environment = Environment(dataFolder);
        environment["ASPNETCORE_URLS"] = address.ToString();
        keys ??= UsualKeys;
        for (var i = 0; i < keys.Count; i++)
        {
            environment[$"Access__Keys__{i}__Name"] = keys[i].Name;
            environment[$"Access__Keys__{i}__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keys[i].Secret)));
            environment[$"Access__Keys__{i}__Scopes"] = "read,write,operate";
            environment[$"Access__Keys__{i}__RequestsPerSecond"] = keys[i].RequestsPerSecond.ToString(CultureInfo.InvariantCulture);
        }

        return new ApiServer(ChildProcess.Start(api.Executable, [], environment, Path.GetDirectoryName(api.Executable)), address);
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<ApiServer> StartAsync(
        Published api, string dataFolder, CancellationToken cancellationToken, IReadOnlyList<ServerKey>? keys = null)
    {
        var server = Start(api, dataFolder, keys);
        try
        {
            using var client = HttpLoad.Client(server.Address, (keys ?? UsualKeys)[0].Secret);
            await HttpLoad.FirstOkAsync(client, "/alive", server.Process, TimeProvider.System.GetTimestamp(), cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A Worker on the same data folder.</summary>
    public static ChildProcess StartWorker(Published worker, string dataFolder) =>
        ChildProcess.Start(worker.Executable, [], Environment(dataFolder), Path.GetDirectoryName(worker.Executable));

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static Dictionary<string, string> Environment(string dataFolder) => new()
    {
        ["Embedded__DataFolder"] = dataFolder, ["DOTNET_ENVIRONMENT"] = "Production", ["ASPNETCORE_ENVIRONMENT"] = "Production",
    };
}

/// <summary>A key that the Api knows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Secret">What the client sends.</param>
/// <param name="RequestsPerSecond">Its rate limit; 0 for none.</param>
internal sealed record ServerKey(string Name, string Secret, int RequestsPerSecond = 0);
