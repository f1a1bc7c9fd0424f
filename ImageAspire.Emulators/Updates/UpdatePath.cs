using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Updates;

/// <summary>Changes a document at a path, and makes the documents on the way. A step into an array is a position.</summary>
internal static class UpdatePath
{
    // As in MongoDB: larger positions would only fill memory with nulls.
    private const int MaxPosition = 1_500_000;

    /// <summary>The value at the path; null where there is none.</summary>
    public static BsonValue? Find(BsonDocument document, FieldPath path) => Find(document, path.Steps);

    /// <summary>Sets the value at the path.</summary>
    /// <exception cref="CommandException">A value on the way is neither a document nor an array.</exception>
    public static void Set(BsonDocument document, FieldPath path, BsonValue value)
    {
        BsonValue at = document;
        foreach (var step in path.Steps.SkipLast(1))
            at = Child(at, step) ?? Put(at, step, new BsonDocument(), path);
        Put(at, path.Steps[^1], value, path);
    }

    /// <summary>Removes the field at the path; an element of an array becomes null.</summary>
    public static void Remove(BsonDocument document, FieldPath path)
    {
        var (parent, last) = (Find(document, [.. path.Steps.SkipLast(1)]), path.Steps[^1]);
        if (parent is BsonDocument fields)
            fields.Remove(last);
        else if (parent is BsonArray array && FieldPath.Position(last) is { } position && position < array.Count)
            array[position] = BsonNull.Value;
    }

    private static BsonValue? Find(BsonValue from, IReadOnlyList<string> steps)
    {
        var at = from;
        foreach (var step in steps)
        {
            if (Child(at, step) is not { } next)
                return null;
            at = next;
        }

        return at;
    }

    private static BsonValue? Child(BsonValue parent, string step) => parent switch
    {
        BsonDocument document => document.TryGetValue(step, out var value) ? value : null,
        BsonArray array => FieldPath.Position(step) is { } position && position < array.Count ? array[position] : null,
        _ => null,
    };

    private static BsonValue Put(BsonValue parent, string step, BsonValue value, FieldPath path)
    {
        if (parent is BsonDocument document)
            return document[step] = value;
        if (parent is not BsonArray array || FieldPath.Position(step) is not { } position || position >= MaxPosition)
            throw new CommandException(ErrorCode.PathNotViable, $"Cannot create field '{step}' in element '{path.Dotted}' of type {parent.BsonType}");
        while (array.Count <= position)
            array.Add(BsonNull.Value);
        return array[position] = value;
    }
}
