namespace ImageAspire.Embedded.Space;

/// <summary>The volume that a folder is on; tests have one of their own.</summary>
internal interface IVolume
{
    /// <summary>Bytes that this user may still write, and bytes of the whole volume; null when the system does not say.</summary>
    (long Free, long Total)? Read(string folder);
}

/// <summary>The system's volume.</summary>
internal sealed class SystemVolume : IVolume
{
    public (long Free, long Total)? Read(string folder)
    {
        try
        {
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // a network share without a letter, or a folder that was moved
        }
    }
}
