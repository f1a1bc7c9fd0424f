using System.Runtime.InteropServices;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.AppHost.Embedded;

/// <summary>Looks after all services: starts them, does what people want of one of them, and ends them together: SIGTERM, up to 30 seconds, then for good.</summary>
internal sealed class Supervisor : IResourceCommands, IAsyncDisposable
{
    private const int SettingsAreWrong = 1;
    private readonly List<SupervisedService> _services = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _now = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Terminal _terminal;
    private readonly TimeProvider _time = TimeProvider.System;
    private volatile int _exitCode;

    public Supervisor(TextWriter output)
    {
        _terminal = new Terminal(output);
        Console = new ConsoleLog(_time);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    /// <summary>The state of every service.</summary>
    public ResourceBoard Board { get; } = new();

    /// <summary>The lines of every service.</summary>
    public ConsoleLog Console { get; }

    public void Add(Service service)
    {
        var report = new ServiceReport(service, Board, Console, _terminal, _time);
        _services.Add(new SupervisedService(service, ServiceProcess.Start, report, new Ending(_stopping.Token, _now.Token), _time));
    }

    /// <summary>Runs until it is told to stop; the exit code.</summary>
    /// <param name="banner">What to say when the first service with a health address is ready.</param>
    /// <param name="watch">Looks at the services meanwhile.</param>
    /// <param name="cancellationToken">Another way to stop it.</param>
    public async Task<int> RunAsync(string banner, Func<IReadOnlyList<Service>, CancellationToken, Task> watch, CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.Register(_stopping.Cancel);
        var printing = _terminal.PrintAsync();
        var running = _services.ConvertAll(RunAsync);
        List<Service> services = _services.ConvertAll(one => one.Service);
        var watching = watch(services, _stopping.Token);
        if (services.Find(one => one.HealthUrl is not null) is { } first && await Readiness.OfAsync(first, _stopping.Token))
            _terminal.Write(banner);
        await Task.WhenAll([.. running, watching]);
        _terminal.Complete();
        await printing;
        return _exitCode;
    }

    /// <inheritdoc/>
    public Task StartAsync(string resource, CancellationToken cancellationToken) => Find(resource).StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string resource, CancellationToken cancellationToken) => Find(resource).StopAsync(cancellationToken);

    /// <inheritdoc/>
    public Task RestartAsync(string resource, CancellationToken cancellationToken) => Find(resource).RestartAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _stopping.Dispose();
        _now.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task RunAsync(SupervisedService service)
    {
        if (await service.RunAsync())
            return;
        _exitCode = SettingsAreWrong;
        await _stopping.CancelAsync();
    }

    private SupervisedService Find(string resource) =>
        _services.Find(one => one.Service.Name == resource) ?? throw new KeyNotFoundException($"There is no resource '{resource}'.");

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // the end comes when the services have ended
        if (_stopping.IsCancellationRequested)
            _now.Cancel(); // asked twice: no more patience
        else
            _stopping.Cancel();
    }
}
