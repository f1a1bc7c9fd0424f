using System.Security.Cryptography;

namespace ImageAspire.Embedded.Files;

/// <summary>
/// A file in the data folder that only takes up space. It is deleted when a delete or another act of an operator meets a full disk, so that
/// these go on, and created again when there is room. Its bytes are random: a file system could store others without using space.
/// </summary>
/// <param name="folder">The data folder.</param>
internal sealed class SpaceReserve(string folder)
{
    private const string FileName = ".reserve";
    private const int Piece = 1 << 20;
    private readonly string _path = Path.Combine(folder, FileName);

    /// <summary>The reserve of the data folder that a database is in.</summary>
    public static SpaceReserve Of(string database) => new(Path.GetDirectoryName(Path.GetFullPath(database))!);

    /// <summary>Its size in bytes; 0 when it was given up.</summary>
    public long Bytes => new FileInfo(_path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Deletes the file; false when there was none.</summary>
    public bool GiveUp() => UnixFiles.TryDelete(_path);

    /// <summary>Creates the file, or replaces one of another size. Several processes may do so at once.</summary>
    /// <exception cref="IOException">There is no room, after all; nothing is left.</exception>
    public void Create(long bytes)
    {
        var staged = $"{_path}-{Guid.NewGuid():N}";
        try
        {
            using (var file = PrivateFiles.Create(staged))
            {
                var piece = new byte[Piece];
                for (var left = bytes; left > 0; left -= Math.Min(left, Piece))
                {
                    RandomNumberGenerator.Fill(piece);
                    file.Write(piece.AsSpan(0, (int)Math.Min(left, Piece)));
                }
            }

            File.Move(staged, _path, overwrite: true);
        }
        catch
        {
            UnixFiles.TryDelete(staged);
            throw;
        }
    }
}
