using ImageAspire.Emulators.Values;
using Microsoft.Win32.SafeHandles;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>
/// The file <c>journal</c> of a data folder. A record is handed to the operating system when it is appended, so the end of this process loses
/// none; <see cref="SyncAsync"/> waits until all are on the disk. A last record that is incomplete was never answered and is dropped.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly string _path;
    private readonly FileStream _folderLock;
    private readonly Lock _appending = new();
    private readonly SemaphoreSlim _syncing = new(1, 1);
    private SafeFileHandle? _file;
    private long _end, _durable;

    /// <summary>Takes the folder for this process, and creates it.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public Journal(string folder)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, "journal");
        _folderLock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The records of the last run.</summary>
    public IEnumerable<BsonDocument> Read() => File.Exists(_path) ? JournalFile.Read(_path) : [];

    /// <summary>Begins a new file with records that say the same as all earlier ones.</summary>
    public void Rewrite(IEnumerable<BsonDocument> records)
    {
        var fresh = _path + ".new";
        using (var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write))
        {
            foreach (var record in records)
                _end += JournalFile.Write(file, _end, record);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(fresh, _path, overwrite: true);
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
        _durable = _end;
    }

    /// <summary>Appends a record.</summary>
    /// <exception cref="CommandException">The disk is full.</exception>
    public void Append(BsonDocument record)
    {
        lock (_appending)
        {
            try
            {
                _end += JournalFile.Write(_file!, _end, record);
            }
            catch (IOException error)
            {
                throw new CommandException(ErrorCode.OutOfDiskSpace, $"The journal could not be written: {error.Message}");
            }
        }
    }

    /// <summary>Returns when everything that has been appended is on the disk. Several callers share one wait for it.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var mine = Interlocked.Read(ref _end);
        await _syncing.WaitAsync(cancellationToken);
        try
        {
            if (_durable >= mine)
                return;
            var upTo = Interlocked.Read(ref _end);
            RandomAccess.FlushToDisk(_file!);
            _durable = upTo;
        }
        finally
        {
            _syncing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _file?.Dispose();
        _folderLock.Dispose();
        _syncing.Dispose();
    }
}
