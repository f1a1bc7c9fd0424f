using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace ImageAspire.AppHost.Embedded;

/// <summary>Starts services, starts them again when they die, and ends them together: SIGTERM, up to 30 seconds, then for good.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    // As ImageAspire.ServiceDefaults.StartUp says.
    private const int SettingsAreWrong = 1;
    private const int NotStarted = -1;
    private const int MaxLines = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly List<Service> _services = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _now = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    // A terminal that stands still (a pager, a selection) must not fill the memory: the oldest lines go.
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxLines) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly TextWriter _output;
    private readonly TimeProvider _time = TimeProvider.System;
    private volatile int _exitCode;

    public Supervisor(TextWriter output)
    {
        _output = output;
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    public void Add(Service service) => _services.Add(service);

    /// <summary>Runs until it is told to stop; the exit code.</summary>
    /// <param name="banner">What to say when the first service with a health address is ready.</param>
    /// <param name="cancellationToken">Another way to stop it.</param>
    public async Task<int> RunAsync(Func<Service, string> banner, CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.Register(_stopping.Cancel);
        var printing = PrintAsync();
        var running = _services.ConvertAll(KeepRunningAsync);
        await AnnounceAsync(banner);
        await Task.WhenAll(running);
        _lines.Writer.Complete();
        await printing;
        return _exitCode;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _stopping.Dispose();
        _now.Dispose();
        return ValueTask.CompletedTask;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // the end comes when the services have ended
        if (_stopping.IsCancellationRequested)
            _now.Cancel(); // asked twice: no more patience
        else
            _stopping.Cancel();
    }

    private async Task KeepRunningAsync(Service service)
    {
        var backoff = new Backoff();
        while (!_stopping.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            var exitCode = await RunOnceAsync(service);
            if (_stopping.IsCancellationRequested)
                return;
            if (exitCode == SettingsAreWrong && service.ChecksSettings)
            {
                Say("apphost", $"{service.Name} does not start with these settings, named above. Everything stops: correct them and start again.");
                _exitCode = SettingsAreWrong;
                await _stopping.CancelAsync();
                return;
            }

            var delay = backoff.After(_time.GetElapsedTime(began));
            Say("apphost", $"{service.Name} ended with exit code {exitCode}; starting it again in {delay.TotalSeconds:0.0} s.");
            await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> RunOnceAsync(Service service)
    {
        using var process = Start(service);
        if (process is null)
            return NotStarted;
        Say("apphost", $"{service.Name} started (process {process.Id}).");
        try
        {
            await process.WaitForExitAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(service, process);
        }

        return process.ExitCode;
    }

    private ServiceProcess? Start(Service service)
    {
        try
        {
            return ServiceProcess.Start(service, line => Say(service.Name, line));
        }
        catch (Exception error) when (error is Win32Exception or IOException or InvalidOperationException)
        {
            Say("apphost", $"{service.Name} cannot be started: {error.Message}");
            return null;
        }
    }

    private async Task StopAsync(Service service, ServiceProcess process)
    {
        process.AskToStop();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_now.Token);
        patience.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Say("apphost", _now.IsCancellationRequested
                ? $"{service.Name} is ended at once, as asked." : $"{service.Name} did not come to an end in {Patience.TotalSeconds:0} s and is ended now.");
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task AnnounceAsync(Func<Service, string> banner)
    {
        if (_services.Find(one => one.HealthUrl is not null) is not { } service)
            return;
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var timer = new PeriodicTimer(Look);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync(service.HealthUrl, _stopping.Token);
                if (answer.IsSuccessStatusCode)
                {
                    _lines.Writer.TryWrite(banner(service));
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not ready yet; if it died, the supervisor says so.
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private void Say(string who, string line) => _lines.Writer.TryWrite($"[{who}] {line}");

    private async Task PrintAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
            await _output.WriteLineAsync(line);
    }
}
