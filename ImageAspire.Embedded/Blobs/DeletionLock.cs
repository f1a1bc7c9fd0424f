using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Blobs;

/// <summary>
/// While it is held, no process removes a blob; the sweeper does so afterwards. A deletion of an image first removes the record and then
/// checks for the lock. So the bytes of every record that is read under the lock stay: its deletion comes after the read, hence within the
/// lock, and finds it.
/// </summary>
/// <remarks>A lock of the operating system on a file that stays. It ends with the process, however that ends.</remarks>
internal sealed class DeletionLock : IDisposable
{
    private const string FileName = ".hold";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private readonly FileStream _file;

    private DeletionLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock; null when another process holds it for more than two seconds.</summary>
    /// <param name="blobs">Root of the blobs.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<DeletionLock?> TryAcquireAsync(string blobs, TimeProvider time, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateFolder(blobs);
        var path = Path.Combine(blobs, FileName);
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (true)
        {
            try
            {
                return new DeletionLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                // A deletion opens the file for a moment.
                if (time.GetElapsedTime(began) > Patience)
                    return null;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Whether a process holds the lock.</summary>
    /// <param name="blobs">Root of the blobs.</param>
    public static bool IsHeld(string blobs)
    {
        var path = Path.Combine(blobs, FileName);
        if (!File.Exists(path))
            return false;
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();
}
