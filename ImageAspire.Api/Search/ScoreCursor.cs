using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Search;

/// <summary>The cursor of a list in the order of scores. It begins unlike every cursor of a catalog, whose lists it may continue.</summary>
internal static class ScoreCursor
{
    private const string Mark = "s.";
    private const int MarkLength = 4;
    private const int Length = 1 + MarkLength + sizeof(double) + 16;

    /// <summary>Before the best one.</summary>
    public static readonly ScorePosition Start = new(double.PositiveInfinity, Guid.Empty);

    /// <summary>Whether a text is such a cursor.</summary>
    public static bool Is(string? text) => text?.StartsWith(Mark, StringComparison.Ordinal) == true;

    /// <summary>The text of a cursor.</summary>
    /// <param name="part">The part of the list.</param>
    /// <param name="place">Where the page ended.</param>
    /// <param name="model">The model of the scores, which mean nothing to another one.</param>
    /// <param name="list">What the list is of, in a fixed order.</param>
    public static string Write(byte part, ScorePosition place, string? model, params ReadOnlySpan<string?> list)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = part;
        MarkOf(model).CopyTo(bytes[1..]);
        BinaryPrimitives.WriteDoubleBigEndian(bytes[(1 + MarkLength)..], place.Score);
        place.Id.TryWriteBytes(bytes[^16..], bigEndian: true, out _);
        return Mark + OpaqueCursor.Write(bytes, list);
    }

    /// <summary>Reads a cursor.</summary>
    /// <exception cref="InvalidCursorException">Not made by <see cref="Write"/> for the same list.</exception>
    public static Place Read(string text, params ReadOnlySpan<string?> list)
    {
        var bytes = Is(text) ? OpaqueCursor.Read(text[Mark.Length..], list) : [];
        return bytes.Length == Length
            ? new Place(bytes[0], new ScorePosition(BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(1 + MarkLength)), new Guid(bytes.AsSpan(Length - 16), bigEndian: true)), bytes[1..(1 + MarkLength)])
            : throw new InvalidCursorException();
    }

    private static byte[] MarkOf(string? model) => SHA256.HashData(Encoding.UTF8.GetBytes(model ?? ""))[..MarkLength];

    /// <summary>The place in a cursor.</summary>
    /// <param name="Part">The part of the list.</param>
    /// <param name="Position">Where the page ended.</param>
    /// <param name="ModelMark">Marks the model of the scores.</param>
    internal sealed record Place(byte Part, ScorePosition Position, byte[] ModelMark)
    {
        /// <summary>The position, in scores of a model.</summary>
        /// <exception cref="InvalidCursorException">They are of another one.</exception>
        public ScorePosition Of(string? model) => MarkOf(model).AsSpan().SequenceEqual(ModelMark) ? Position : throw new InvalidCursorException();
    }
}
