using System.Diagnostics;
using System.Net;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.Benchmarks.Harness;

namespace ImageAspire.Benchmarks;

/// <summary>The published Service Bus emulator as a process, durable, and the real client.</summary>
internal sealed class EmulatorProgram : IAsyncDisposable
{
    private const string Key = "SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ChildProcess _process;

    private EmulatorProgram(ChildProcess process, int amqpPort, int administrationPort)
    {
        _process = process;
        Client = new ServiceBusClient($"Endpoint=sb://localhost:{amqpPort};{Key}");
        Administration = new ServiceBusAdministrationClient($"Endpoint=sb://localhost:{administrationPort};{Key}");
    }

    public ServiceBusClient Client { get; }

    public ServiceBusAdministrationClient Administration { get; }

    /// <summary>From the start of the process to the first answer that it is healthy.</summary>
    public TimeSpan ReadyAfter { get; private init; }

    public static async Task<EmulatorProgram> StartAsync(Published program, string data, CancellationToken cancellationToken)
    {
        var (amqp, administration) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        var began = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(program.Executable, ["--data", data, "--amqp-port", $"{amqp}", "--admin-port", $"{administration}"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{administration}") };
        while (!await IsHealthyAsync(http, cancellationToken))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
            {
                await process.DisposeAsync();
                throw new InvalidOperationException($"The emulator does not start: {process.LastLines}");
            }

            await Task.Delay(2, cancellationToken);
        }

        return new EmulatorProgram(process, amqp, administration) { ReadyAfter = Stopwatch.GetElapsedTime(began) };
    }

    public async Task<double> MemoryMiBAsync(CancellationToken cancellationToken) => (await _process.ResidentMiBAsync(cancellationToken)).All;

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _process.DisposeAsync();
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health", UriKind.Relative), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // not yet
        }
    }
}
