namespace ImageAspire.Core.Images;

/// <summary>An original with edits applied to it while it is read. It can seek, and owns the original.</summary>
public sealed class EditedStream : ReadOnlyStream
{
    private readonly Stream _original;
    private readonly List<Part> _parts = [];

    /// <summary>Makes it.</summary>
    /// <param name="original">It can seek.</param>
    /// <param name="edits">What to change.</param>
    /// <exception cref="InvalidDataException">The edits do not fit to the original.</exception>
    public EditedStream(Stream original, IReadOnlyList<MetadataEdit> edits)
    {
        if (!MetadataEdits.AreValid(edits, original.Length))
            throw new InvalidDataException("The edits are not in order, overlap, or do not fit to the file.");
        _original = original;
        var copied = 0L;
        foreach (var edit in edits)
        {
            Add(edit.At - copied, copied, null);
            Add(edit.NewLength, 0, edit.With ?? []);
            copied = edit.At + edit.Length;
        }

        Add(original.Length - copied, copied, null);
    }

    /// <inheritdoc />
    public override long Length => _parts is [.., var last] ? last.At + last.Length : 0;

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        if (!TryNext(buffer.Length, out var part, out var count))
            return 0;
        if (part.New is not null)
            Fill(part, buffer[..count]);
        else
            count = _original.Read(buffer[..count]);
        Position += count;
        return count;
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!TryNext(buffer.Length, out var part, out var count))
            return 0;
        if (part.New is not null)
            Fill(part, buffer.Span[..count]);
        else
            count = await _original.ReadAsync(buffer[..count], cancellationToken);
        Position += count;
        return count;
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _original.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _original.Dispose();
        base.Dispose(disposing);
    }

    private void Add(long length, long from, byte[]? bytes)
    {
        if (length > 0)
            _parts.Add(new Part(Length, length, from, bytes));
    }

    // The part at the position, and how much of it to read now; puts the original to its place.
    private bool TryNext(int wanted, out Part part, out int count)
    {
        (part, count) = (default, 0);
        if (Position >= Length || wanted == 0)
            return false;
        var (low, high) = (0, _parts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _parts[middle].At <= Position ? (middle, high) : (low, middle - 1);
        }

        part = _parts[low];
        var into = Position - part.At;
        count = (int)Math.Min(wanted, part.Length - into);
        if (part.New is null && _original.Position != part.From + into)
            _original.Position = part.From + into;
        return true;
    }

    private void Fill(Part part, Span<byte> buffer)
    {
        buffer.Clear();
        var into = (int)Math.Min(Position - part.At, part.New!.Length);
        var given = part.New.AsSpan(into, Math.Min(buffer.Length, part.New.Length - into));
        given.CopyTo(buffer);
    }

    // New: null for bytes of the original.
    private readonly record struct Part(long At, long Length, long From, byte[]? New);
}
