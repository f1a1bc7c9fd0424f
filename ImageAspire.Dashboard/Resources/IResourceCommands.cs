namespace ImageAspire.Dashboard.Resources;

/// <summary>What somebody at the dashboard can do to a resource; AppHost does it.</summary>
public interface IResourceCommands
{
    /// <summary>Starts it. Nothing happens when it runs.</summary>
    /// <exception cref="KeyNotFoundException">There is no such resource.</exception>
    /// <exception cref="InvalidOperationException">The system refused to start a process; the message says why.</exception>
    Task StartAsync(string resource, CancellationToken cancellationToken);

    /// <summary>Stops it, as at the end: it is asked, and has 30 s for the work in flight. It stays stopped. Returns when it has ended.</summary>
    /// <exception cref="KeyNotFoundException">There is no such resource.</exception>
    Task StopAsync(string resource, CancellationToken cancellationToken);

    /// <summary>Stops it and starts it again. Returns when the new process has started.</summary>
    /// <exception cref="KeyNotFoundException">There is no such resource.</exception>
    /// <exception cref="InvalidOperationException">The system refused to start a process; the message says why.</exception>
    Task RestartAsync(string resource, CancellationToken cancellationToken);
}
