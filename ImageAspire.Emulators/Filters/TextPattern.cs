using System.Text.RegularExpressions;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Filters;

/// <summary>Regular expressions. MongoDB's are those of PCRE2; for anchors, classes and escaped text they are the same as .NET's.</summary>
internal static class TextPattern
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    /// <summary>Whether a value is a text that matches, or the same expression.</summary>
    public static Predicate<BsonValue> Of(BsonRegularExpression pattern)
    {
        var regex = Compile(pattern);
        return value => value is BsonString text ? regex.IsMatch(text.Value) : value is BsonRegularExpression other && ValueOrder.Instance.Equals(other, pattern);
    }

    private static Regex Compile(BsonRegularExpression pattern)
    {
        var options = pattern.Options.Aggregate(RegexOptions.CultureInvariant, (all, letter) => all | Option(letter));
        try
        {
            return new Regex(pattern.Pattern, options, MaxTime);
        }
        catch (ArgumentException error)
        {
            throw new CommandException(ErrorCode.Location51091, $"Regular expression is invalid: {error.Message}");
        }
    }

    private static RegexOptions Option(char letter) => letter switch
    {
        'i' => RegexOptions.IgnoreCase,
        'm' => RegexOptions.Multiline,
        's' => RegexOptions.Singleline,
        _ => throw CommandException.NotImplemented($"option '{letter}' of regular expressions"),
    };
}
