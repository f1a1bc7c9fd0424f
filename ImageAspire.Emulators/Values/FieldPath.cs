using System.Globalization;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Values;

/// <summary>A path into documents: names of fields, or positions in arrays, with dots in between.</summary>
/// <param name="dotted">As in a command.</param>
internal sealed class FieldPath(string dotted)
{
    private readonly string[] _steps = dotted.Split('.');

    /// <summary>As in a command.</summary>
    public string Dotted => dotted;

    /// <summary>The steps.</summary>
    public IReadOnlyList<string> Steps => _steps;

    /// <summary>
    /// All values at the path, as filters, sorts and indexes see them: arrays on the way are walked, an array at the end is one value.
    /// Null (of C#) stands for a place where the field is missing.
    /// </summary>
    public IEnumerable<BsonValue?> ValuesIn(BsonDocument document) => At(document, 0, inArray: false);

    /// <summary>The position in an array that a step names; null for none.</summary>
    public static int? Position(string step) => int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;

    private IEnumerable<BsonValue?> At(BsonValue value, int step, bool inArray)
    {
        if (step == _steps.Length)
            return [value];
        return value switch
        {
            BsonDocument document => document.TryGetValue(_steps[step], out var next) ? At(next, step + 1, inArray: false) : [null],
            BsonArray array when !inArray => InArray(array, step),
            _ => inArray ? [] : [null],
        };
    }

    // The element at a position, and the field in all documents of the array. Arrays directly in the array are not walked.
    private IEnumerable<BsonValue?> InArray(BsonArray array, int step)
    {
        var byPosition = Position(_steps[step]) is { } position && position < array.Count ? At(array[position], step + 1, inArray: false) : [];
        return byPosition.Concat(array.OfType<BsonDocument>().SelectMany(item => At(item, step, inArray: true)));
    }
}
