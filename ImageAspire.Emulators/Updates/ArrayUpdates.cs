using ImageAspire.Emulators.Filters;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Updates;

/// <summary>The operators on arrays.</summary>
internal static class ArrayUpdates
{
    private const string Each = "$each", Slice = "$slice";

    /// <summary>An array with one or, with <c>$each</c>, several more elements, perhaps cut to the first or (below zero) the last ones.</summary>
    public static BsonArray Push(BsonValue? before, BsonValue argument, FieldPath path)
    {
        var array = before is null ? [] : Of(before, "The field '{0}' must be an array but is of type {1}", path);
        if (argument is not BsonDocument modifiers || !modifiers.Contains(Each))
            return new BsonArray(array).Add(argument.DeepClone());
        if (modifiers.Names.FirstOrDefault(name => name is not (Each or Slice)) is { } unknown)
            throw CommandException.NotImplemented($"$push with {unknown}");
        if (modifiers[Each] is not BsonArray added)
            throw new CommandException(ErrorCode.BadValue, $"The argument to $each in $push must be an array but it was of type {modifiers[Each].BsonType}");
        var all = new BsonArray(array.Concat(added.Select(one => one.DeepClone())));
        return modifiers.TryGetValue(Slice, out var slice) ? Cut(all, Numbers.Whole(slice, Slice)) : all;
    }

    /// <summary>An array without the elements that equal a value or, as documents, meet a filter.</summary>
    public static BsonArray Pull(BsonValue before, BsonValue argument, FieldPath path)
    {
        var array = Of(before, "Cannot apply $pull to a non-array value: '{0}' is of type {1}", path);
        if (Filter.IsOperators(argument))
            throw CommandException.NotImplemented("$pull by operators on the elements themselves");
        if (argument is BsonRegularExpression)
            throw CommandException.NotImplemented("$pull by a regular expression");
        if (argument is not BsonDocument filter)
            return new BsonArray(array.Where(one => !ValueOrder.Instance.Equals(one, argument)));
        var isGone = Filter.Of(filter);
        return new BsonArray(array.Where(one => one is not BsonDocument document || !isGone(document)));
    }

    /// <summary>The first elements, or, with a number below zero, the last ones.</summary>
    public static BsonArray Cut(BsonArray array, int count) => new(count >= 0 ? array.Take(count) : array.Skip(Math.Max(0, array.Count + count)));

    private static BsonArray Of(BsonValue value, string otherwise, FieldPath path) => value as BsonArray
        ?? throw new CommandException(ErrorCode.BadValue, string.Format(System.Globalization.CultureInfo.InvariantCulture, otherwise, path.Dotted, value.BsonType));
}
