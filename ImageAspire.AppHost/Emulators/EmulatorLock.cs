using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.AppHost.Emulators;

/// <summary>The data of the emulators belongs to one AppHost at a time: two of Azurite on one folder would destroy it.</summary>
internal sealed class EmulatorLock(string folder) : IDisposable
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

    /// <summary>Takes it, until this is disposed or the process ends.</summary>
    /// <exception cref="IOException">Another AppHost has it.</exception>
    public void Take() => _file ??= Open(folder);

    public void Dispose() => _file?.Dispose();

    private static FileStream Open(string folder) => new(Path.Combine(folder, ".emulators"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}

/// <summary>Takes the lock for an application.</summary>
internal static class EmulatorLockExtensions
{
    /// <summary>Takes it before anything starts.</summary>
    public static void LockEmulatorData(this IDistributedApplicationBuilder builder, string folder)
    {
        builder.Services.AddSingleton(_ => new EmulatorLock(folder));
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            start.Services.GetRequiredService<EmulatorLock>().Take();
            return Task.CompletedTask;
        });
    }
}
