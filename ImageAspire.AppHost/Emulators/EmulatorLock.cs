using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageAspire.AppHost.Emulators;

/// <summary>
/// The data of the emulators belongs to one AppHost at a time: two of Azurite on one folder would destroy it. It is taken before anything starts, until the application ends.
/// </summary>
/// <param name="folder">The data folder.</param>
internal sealed class EmulatorLock(string folder) : IHostedLifecycleService, IDisposable
{
    private FileStream? _file;

    /// <summary>Whether an AppHost that runs has it.</summary>
    public static bool IsTaken(string folder)
    {
        try
        {
            Open(folder).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Takes it.</summary>
    /// <exception cref="IOException">Another AppHost has taken it since this one looked.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _file = Open(folder);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _file?.Dispose();

    private static FileStream Open(string folder) => new(Path.Combine(folder, ".emulators"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}

/// <summary>Locks the data of the emulators for an application.</summary>
internal static class EmulatorLockExtensions
{
    public static void LockEmulatorData(this IDistributedApplicationBuilder builder, string folder) => builder.Services.AddHostedService(_ => new EmulatorLock(folder));
}
