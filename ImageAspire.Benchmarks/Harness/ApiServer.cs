using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>The real Api, as a process of its own, on a data folder.</summary>
internal sealed class ApiServer(ChildProcess process, Uri address) : IAsyncDisposable
{
    /// <summary>The keys it knows: two, so that readers and writers can be told apart. Not limited: the limiter is not what is measured.</summary>
    public const string Key = "benchmark-reader-key";
    public const string SecondKey = "benchmark-writer-key";

    public Uri Address { get; } = address;

    public ChildProcess Process { get; } = process;

    /// <summary>Starts it without waiting.</summary>
    public static ApiServer Start(Published api, string dataFolder)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        var environment = Environment(dataFolder);
        environment["ASPNETCORE_URLS"] = address.ToString();
        for (var i = 0; i < 2; i++)
        {
            environment[$"Access__Keys__{i}__Name"] = i == 0 ? "reader" : "writer";
            environment[$"Access__Keys__{i}__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(i == 0 ? Key : SecondKey)));
            environment[$"Access__Keys__{i}__Scopes"] = "read,write,operate";
            environment[$"Access__Keys__{i}__RequestsPerSecond"] = "0";
        }

        return new ApiServer(ChildProcess.Start(api.Executable, [], environment, Path.GetDirectoryName(api.Executable)), address);
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<ApiServer> StartAsync(Published api, string dataFolder, CancellationToken cancellationToken)
    {
        var server = Start(api, dataFolder);
        try
        {
            using var client = HttpLoad.Client(server.Address, Key);
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
