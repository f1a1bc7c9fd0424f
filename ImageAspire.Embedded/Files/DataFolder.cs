namespace ImageAspire.Embedded.Files;

/// <summary>The folder of everything that is stored: databases, blobs and uploads. Several processes may share it.</summary>
/// <param name="path">Absolute, or relative to the current folder.</param>
internal sealed class DataFolder(string path)
{
    /// <summary>Its absolute path.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>The absolute path of a file or folder in it.</summary>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>Creates the folder, readable by this user only. An existing folder keeps its permissions, until <see cref="PrivateFolder"/> restricts it.</summary>
    public void Create() => PrivateFiles.CreateFolder(FullPath);

    /// <summary>The path of a database. The file is created, if it is missing, for this user only.</summary>
    public string PrivateFile(string name)
    {
        var file = PathOf(name);
        if (OperatingSystem.IsWindows())
            return file;
        try
        {
            Create();
            // SQLite gives the -wal and -shm files the permissions of this one.
            using var created = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            return file;
        }
        catch (Exception error)
        {
            throw DiskErrors.Translate(error, file);
        }
    }
}
