using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Updates;

/// <summary>The operators of an update, field by field.</summary>
internal static class FieldUpdates
{
    /// <summary>In the order in which MongoDB adds new fields: by path, positions by number.</summary>
    /// <exception cref="CommandException">It is no update, or two of its paths conflict.</exception>
    public static IReadOnlyList<FieldUpdate> Of(BsonDocument update)
    {
        var all = update.SelectMany(one => one.Value is BsonDocument fields
            ? fields.Select(field => Read(one.Name, field))
            : throw new CommandException(ErrorCode.FailedToParse, $"Modifiers operate on fields but we found type {one.Value.BsonType} instead.")).ToList();
        all.Sort((a, b) => Compare(a.Path, b.Path));
        foreach (var (first, second) in all.Zip(all.Skip(1)))
        {
            if (first.Path.Steps.SequenceEqual(second.Path.Steps.Take(first.Path.Steps.Count)))
                throw new CommandException(ErrorCode.ConflictingUpdateOperators, $"Updating the path '{second.Path.Dotted}' would create a conflict at '{first.Path.Dotted}'");
        }

        return all;
    }

    private static FieldUpdate Read(string name, BsonElement field)
    {
        var path = new FieldPath(field.Name);
        if (path.Steps.Any(step => step.Length == 0))
            throw new CommandException(ErrorCode.EmptyFieldName, $"The update path '{field.Name}' contains an empty field name, which is not allowed.");
        if (path.Steps.Any(step => step.StartsWith('$')))
            throw CommandException.NotImplemented($"positional updates ('{field.Name}')");
        return new FieldUpdate(name, path, field.Value);
    }

    private static int Compare(FieldPath a, FieldPath b) =>
        a.Steps.Zip(b.Steps, Compare).FirstOrDefault(order => order != 0) is not 0 and var order ? order : a.Steps.Count.CompareTo(b.Steps.Count);

    private static int Compare(string a, string b) => FieldPath.Position(a) is { } x && FieldPath.Position(b) is { } y ? x.CompareTo(y) : string.CompareOrdinal(a, b);
}
