using System.ComponentModel;

namespace ImageAspire.AppHost.Embedded;

/// <summary>
/// Keeps one service as it is wanted: running, and started again when it dies, or stopped. Whoever asks changes what is wanted, and one
/// loop acts on it: so two who ask at once, or a stop while it waits to be started again, cannot get in each other's way.
/// </summary>
/// <param name="service">What.</param>
/// <param name="start">Starts a process of it; told what takes its lines, and whether they came on standard error.</param>
/// <param name="report">Who is told what happens.</param>
/// <param name="ending">The end of the whole.</param>
/// <param name="time">The clock.</param>
internal sealed class SupervisedService(
    Service service, Func<Service, Action<string, bool>, IServiceProcess> start, ServiceReport report, Ending ending, TimeProvider time)
{
    // As ImageAspire.ServiceDefaults.StartUp says.
    private const int SettingsAreWrong = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Phase _phase = Phase.Starting;
    private bool _wanted = true;
    private bool _anew; // a new process, now
    private int _runs;
    private string _problem = ""; // why there is no process of the last run

    private enum Phase
    {
        Starting,
        Running,
        Stopping,
        Waiting, // to be started again
        Stopped,
        Ended, // for good
    }

    public Service Service => service;

    /// <summary>Starts it when it does not run; returns when it was tried.</summary>
    /// <exception cref="InvalidOperationException">The system refused. It is tried again.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => RunAnewAsync(restart: false, cancellationToken);

    /// <summary>A new process in place of the one that runs. Who asks while another's restart is on its way shares it.</summary>
    /// <exception cref="InvalidOperationException">The system refused. It is tried again.</exception>
    public Task RestartAsync(CancellationToken cancellationToken) => RunAnewAsync(restart: true, cancellationToken);

    /// <summary>Stops it for as long as nobody starts it; returns when it has ended, or somebody wants it to run.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Change(() => (_wanted, _anew) = (false, false));
        return UntilAsync(() => _wanted || _phase is Phase.Stopped or Phase.Ended, cancellationToken);
    }

    /// <summary>Runs it until the end of the whole. False when it does not start with its settings at all: then it is over at once.</summary>
    public async Task<bool> RunAsync()
    {
        var backoff = new Backoff();
        try
        {
            while (await WantedAsync())
            {
                if (!await RunOnceAsync(backoff))
                    return false;
            }

            return true;
        }
        finally
        {
            Change(() => _phase = Phase.Ended);
        }
    }

    private async Task RunAnewAsync(bool restart, CancellationToken cancellationToken)
    {
        var run = 0;
        Change(() =>
        {
            _wanted = true;
            _anew |= _phase is Phase.Waiting || (restart && _phase is Phase.Running);
            run = _phase is Phase.Starting || (_phase is Phase.Running && !_anew) ? _runs : _runs + 1;
        });
        var problem = "";
        await UntilAsync(() =>
        {
            problem = _phase is Phase.Waiting ? _problem : "";
            return !_wanted || _phase is Phase.Ended || (_runs >= run && _phase is not Phase.Starting);
        }, cancellationToken);
        if (problem.Length > 0)
            throw new InvalidOperationException($"it cannot be started: {problem}.");
    }

    /// <summary>Waits until it is to run; false when everything comes to its end.</summary>
    private async Task<bool> WantedAsync()
    {
        var stopped = false;
        Change(() =>
        {
            stopped = !_wanted && _phase is not Phase.Stopped;
            if (!_wanted)
                _phase = Phase.Stopped;
        });
        if (stopped)
            report.Stopped(null); // it waited to be started again
        await UntilAsync(() => _wanted, ending.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !ending.Stopping.IsCancellationRequested;
    }

    private async Task<bool> RunOnceAsync(Backoff backoff)
    {
        Change(() => (_phase, _anew, _runs, _problem) = (Phase.Starting, false, _runs + 1, ""));
        report.Starting(restarts: _runs - 1);
        var began = time.GetTimestamp();
        using var process = Start(out var problem);
        if (process is null)
        {
            var delay = backoff.After(TimeSpan.Zero);
            report.CannotStart(problem, delay);
            Change(() => _problem = problem);
            await WaitAsync(delay);
            return true;
        }

        report.Started(process.Id);
        Change(() => _phase = Phase.Running);
        var exited = process.WaitForExitAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ending.Stopping);
        var asked = UntilAsync(() => !_wanted || _anew, over.Token);
        await Task.WhenAny(exited, asked);
        await over.CancelAsync();
        await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (exited.IsCompleted && !ending.Stopping.IsCancellationRequested)
            return await AfterDeathAsync(process.ExitCode, backoff.After(time.GetElapsedTime(began)));

        await StopAsync(process, exited);
        report.Stopped(process.ExitCode);
        Change(() => _phase = _wanted ? Phase.Starting : Phase.Stopped);
        return true;
    }

    private async Task<bool> AfterDeathAsync(int exitCode, TimeSpan delay)
    {
        if (exitCode != SettingsAreWrong || !service.ChecksSettings)
        {
            report.Died(exitCode, delay);
            await WaitAsync(delay);
            return true;
        }

        // At the start that is the end of all; later somebody looks at the dashboard, and the rest works on.
        var atTheStart = _runs == 1;
        report.RefusesItsSettings(exitCode, endsAll: atTheStart);
        Change(() => (_wanted, _phase) = (false, Phase.Stopped));
        return !atTheStart;
    }

    /// <summary>Waits before it is started again, unless somebody wants something else.</summary>
    private async Task WaitAsync(TimeSpan delay)
    {
        Change(() => _phase = Phase.Waiting);
        using var elapsed = new CancellationTokenSource(delay, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ending.Stopping, elapsed.Token);
        await UntilAsync(() => !_wanted || _anew, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private IServiceProcess? Start(out string problem)
    {
        try
        {
            problem = "";
            return start(service, report.Line);
        }
        catch (Exception error) when (error is Win32Exception or IOException or InvalidOperationException)
        {
            problem = error.Message.TrimEnd('.');
            return null;
        }
    }

    private async Task StopAsync(IServiceProcess process, Task exited)
    {
        Change(() => _phase = Phase.Stopping);
        report.Stopping();
        process.AskToStop();
        try
        {
            await exited.WaitAsync(Patience, time, ending.Now);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            report.Say(error is OperationCanceledException
                ? $"{service.Name} is ended at once, as asked." : $"{service.Name} did not come to an end in {Patience.TotalSeconds:0} s and is ended now.");
            process.Kill();
            await exited;
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    private async Task UntilAsync(Func<bool> reached, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (reached())
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }
}
