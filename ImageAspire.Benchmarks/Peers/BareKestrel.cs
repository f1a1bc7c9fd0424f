using System.Globalization;
using ImageAspire.Benchmarks.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Benchmarks.Peers;

/// <summary>Kestrel that answers every request with the same bytes from memory: as fast as a list could ever be here.</summary>
internal static class BareKestrel
{
    /// <summary>Hidden argument with which this program becomes the peer.</summary>
    public const string Name = "bare-kestrel";

    /// <summary>Starts the peer as a process of its own.</summary>
    public static async Task<(ChildProcess Process, HttpClient Client)> StartAsync(string file, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(BareKestrel).Assembly.Location] : [];
        var process = ChildProcess.Start(program, [.. self, Name, file, address.Port.ToString(CultureInfo.InvariantCulture)]);
        var client = HttpLoad.Client(address);
        try
        {
            await HttpLoad.FirstOkAsync(client, "/", process, TimeProvider.System.GetTimestamp(), cancellationToken);
            return (process, client);
        }
        catch
        {
            client.Dispose();
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs as the peer until it is stopped. Arguments: the file whose bytes are served, the port.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(args[0], cancellationToken);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{args[1]}");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Run(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        });
        await app.StartAsync(cancellationToken);
        // Standard input closes when the benchmark ends, however it ends.
        await Console.In.ReadLineAsync(cancellationToken);
        await app.StopAsync(cancellationToken);
        return 0;
    }
}
