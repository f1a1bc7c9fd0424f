using System.Globalization;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.AppHost.Embedded;

/// <summary>Tells people about one service: on the terminal, and at the dashboard its state and its lines.</summary>
internal sealed class ServiceReport(Service service, ResourceBoard board, ConsoleLog console, Terminal terminal, TimeProvider time)
{
    private readonly Resource _first = new(service.Name, service.Kind)
    {
        State = ResourceState.Starting, Source = service.Assembly, Endpoints = service.Endpoints, Environment = ServiceEnvironment.Of(service),
    };

    /// <summary>A line that it wrote.</summary>
    public void Line(string text, bool isError)
    {
        terminal.Say(service.Name, text);
        console.Append(service.Name, text, isError);
    }

    /// <summary>A line of AppHost about it.</summary>
    public void Say(string text)
    {
        terminal.Say("apphost", text);
        console.Append(service.Name, "[apphost] " + text);
    }

    /// <summary>Its process is about to be started.</summary>
    /// <param name="restarts">How often it was started again so far, this time included.</param>
    public void Starting(int restarts) => board.Update(_first, now => now with { State = ResourceState.Starting, StateReason = "", Restarts = restarts });

    public void Started(int processId)
    {
        Say($"{service.Name} started (process {processId}).");
        board.Update(_first, now => now with
        {
            // Ready or not: who has a health address is asked.
            State = service.HealthUrl is null ? ResourceState.Running : ResourceState.Starting,
            ProcessId = processId, StartedAt = time.GetUtcNow(),
        });
    }

    public void Stopping() => board.Update(_first, now => now with { State = ResourceState.Stopping, StateReason = "", Health = ResourceHealth.Unknown, HealthReports = [] });

    /// <summary>Somebody wanted it to end, and it has.</summary>
    /// <param name="exitCode">Null when there was no process to end.</param>
    public void Stopped(int? exitCode)
    {
        Say(exitCode is null ? $"{service.Name} is stopped." : $"{service.Name} is stopped (exit code {exitCode}).");
        Gone(ResourceState.Exited, exitCode is null ? "stopped" : $"stopped, exit code {exitCode}", exitCode);
    }

    /// <summary>It ended by itself.</summary>
    public void Died(int exitCode, TimeSpan delay)
    {
        Say($"{service.Name} ended with exit code {exitCode}; starting it again in {Seconds(delay)} s.");
        Gone(ResourceState.Restarting, $"exit code {exitCode}{SignalOf(exitCode)}; starts again at {After(delay)}", exitCode);
    }

    /// <summary>There is no process: the system refused.</summary>
    public void CannotStart(string why, TimeSpan delay)
    {
        Say($"{service.Name} cannot be started: {why}; trying again in {Seconds(delay)} s.");
        Gone(ResourceState.FailedToStart, $"{why}; tried again at {After(delay)}", null);
    }

    /// <summary>It said that its settings are wrong; starting it again would not help.</summary>
    public void RefusesItsSettings(int exitCode, bool endsAll)
    {
        Say($"{service.Name} does not start with these settings, named above. {(endsAll ? "Everything stops: correct them and start again." : "Correct them and start it again.")}");
        Gone(ResourceState.FailedToStart, $"exit code {exitCode}: its settings are wrong, its last lines name them", exitCode);
    }

    private void Gone(ResourceState state, string reason, int? exitCode) => board.Update(_first, now => now with
    {
        State = state, StateReason = reason, ExitCode = exitCode ?? now.ExitCode, ProcessId = null, Cpu = null, MemoryBytes = null,
        Health = ResourceHealth.Unknown, HealthReports = [],
    });

    private static string Seconds(TimeSpan delay) => delay.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    // A moment and not "in 4 s": it stays true while it stands on a page.
    private string After(TimeSpan delay) => (time.GetUtcNow() + delay).ToString("HH:mm:ss' UTC'", CultureInfo.InvariantCulture);

    // How a shell tells that a signal ended a process.
    private static string SignalOf(int exitCode) => exitCode switch
    {
        128 + 6 => " (aborted)",
        128 + 9 => " (killed)",
        128 + 11 => " (segmentation fault)",
        128 + 15 => " (terminated)",
        _ => "",
    };
}
