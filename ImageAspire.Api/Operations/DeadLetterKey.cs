using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>Identifies a dead letter, and where a page of them ended. As text: base64url of sequence and subscription.</summary>
/// <param name="Sequence">Position in the topic.</param>
/// <param name="Subscription">Its subscription.</param>
internal sealed record DeadLetterKey(long Sequence, string Subscription)
{
    private const int MaxText = 120;

    /// <summary>The order of lists: the last published first, and of the same message one subscription after the other.</summary>
    public static readonly IComparer<DeadLetterKey> NewestFirst = Comparer<DeadLetterKey>.Create((one, other) =>
        one.Sequence != other.Sequence ? other.Sequence.CompareTo(one.Sequence) : string.CompareOrdinal(one.Subscription, other.Subscription));

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static DeadLetterKey Of(DeadLetter dead) => new(dead.Sequence, dead.Subscription);

    /// <summary>Parses a key; null when the text is none.</summary>
    public static DeadLetterKey? Parse(string text)
    {
        if (text.Length is 0 or > MaxText || !Base64Url.IsValid(text))
            return null;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('.');
        if (parts.Length != 2 || !IsName(parts[1]) || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || sequence == long.MaxValue)
        {
            return null;
        }

        var key = new DeadLetterKey(sequence, parts[1]);
        return key.ToString() == text ? key : null; // one canonical text
    }

    /// <summary>The <c>before</c> with which a subscription's list goes on after this key.</summary>
    public long Before(string subscription) => string.CompareOrdinal(subscription, Subscription) > 0 ? Sequence + 1 : Sequence;

    /// <summary>The cursor of the page after this key, for lists with the same filter only.</summary>
    public string ToCursor(DeadLetterFilter filter) => OpaqueCursor.Write(Encoding.UTF8.GetBytes(ToString()), filter.Subscription, filter.Type, filter.Reason);

    /// <summary>The key in a cursor.</summary>
    /// <exception cref="InvalidCursorException">The cursor is of another list, or none.</exception>
    public static DeadLetterKey FromCursor(string cursor, DeadLetterFilter filter) =>
        Parse(Encoding.UTF8.GetString(OpaqueCursor.Read(cursor, filter.Subscription, filter.Type, filter.Reason))) ?? throw new InvalidCursorException();

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Sequence}.{Subscription}")));

    private static bool IsName(string text) => text.Length is > 0 and <= 50 && !text.AsSpan().ContainsAnyExcept(NameCharacters);
}
