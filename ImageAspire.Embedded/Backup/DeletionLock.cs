namespace ImageAspire.Embedded.Backup;

/// <summary>
/// While somebody holds it no process removes a blob; the sweeper does it afterwards. Whoever deletes an image first removes its record
/// and then looks for a hold. So of every record that is read under the hold the bytes stay: its deletion comes after the reading, hence
/// after the hold, and finds it.
/// </summary>
/// <remarks>A lock of the system on a file that stays: it ends with the process, whatever becomes of that.</remarks>
internal sealed class DeletionLock : IDisposable
{
    private const string FileName = ".hold";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private readonly FileStream _file;

    private DeletionLock(FileStream file) => _file = file;

    /// <summary>Takes the hold.</summary>
    /// <param name="blobs">Root of the blobs.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="BackupException">Somebody has it.</exception>
    public static async Task<DeletionLock> TakeAsync(string blobs, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(blobs);
        var path = Path.Combine(blobs, FileName);
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(Look, time);
        while (true)
        {
            try
            {
                return new DeletionLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException error) when (File.Exists(path))
            {
                // Who deletes looks at it for a moment.
                if (time.GetElapsedTime(began) > Patience)
                    throw new BackupException("Another backup or verification of this data folder is at work. Try again when it is done.", error);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Whether somebody has it.</summary>
    /// <param name="blobs">Root of the blobs.</param>
    public static bool IsHeld(string blobs)
    {
        var path = Path.Combine(blobs, FileName);
        if (!File.Exists(path))
            return false;
        try
        {
            using var look = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
