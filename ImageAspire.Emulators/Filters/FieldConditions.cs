using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Filters;

/// <summary>The conditions of a filter on one field.</summary>
internal static class FieldConditions
{
    /// <summary>A condition for each operator.</summary>
    public static IEnumerable<Predicate<BsonDocument>> Of(FieldPath path, BsonDocument operators) =>
        operators.Where(one => one.Name != "$options").Select(one => Operator(path, one.Name, one.Value, operators)).ToList();

    /// <summary>The field, or an element of its array, equals a value or matches a regular expression.</summary>
    public static Predicate<BsonDocument> Equal(FieldPath path, BsonValue wanted) => wanted switch
    {
        BsonRegularExpression pattern => AnyValue(path, TextPattern.Of(pattern)),
        BsonNull => IsNull(path),
        BsonUndefined => throw new CommandException(ErrorCode.BadValue, "cannot compare to undefined"),
        _ => AnyValue(path, value => ValueOrder.Instance.Equals(value, wanted)),
    };

    private static Predicate<BsonDocument> Operator(FieldPath path, string name, BsonValue argument, BsonDocument all) => name switch
    {
        "$eq" => Equal(path, argument),
        "$ne" when argument is BsonRegularExpression => throw new CommandException(ErrorCode.BadValue, "Can't have regex as arg to $ne."),
        "$ne" => Not(Equal(path, argument)),
        "$in" => In(path, Values(name, argument)),
        "$nin" => Not(In(path, Values(name, argument))),
        "$lt" => Ordered(path, argument, order => order < 0, orEqual: false),
        "$lte" => Ordered(path, argument, order => order <= 0, orEqual: true),
        "$gt" => Ordered(path, argument, order => order > 0, orEqual: false),
        "$gte" => Ordered(path, argument, order => order >= 0, orEqual: true),
        "$exists" => Exists(path, argument.ToBoolean()),
        "$size" => Size(path, Numbers.Whole(argument, name)),
        "$type" => Type(path, argument),
        "$regex" => Equal(path, argument as BsonRegularExpression ?? new BsonRegularExpression(argument.AsString, all.GetValue("$options", "").AsString)),
        "$not" when Filter.IsOperators(argument) => Not(document => Of(path, argument.AsBsonDocument).All(condition => condition(document))),
        _ => throw new CommandException(ErrorCode.BadValue, $"unknown operator: {name}, at least of the stand-in for MongoDB."),
    };

    private static Predicate<BsonDocument> In(FieldPath path, BsonArray wanted)
    {
        var patterns = wanted.OfType<BsonRegularExpression>().Select(TextPattern.Of).ToArray();
        var values = wanted.Where(one => one is not BsonRegularExpression).ToHashSet(ValueOrder.Instance);
        var any = AnyValue(path, value => values.Contains(value) || Array.Exists(patterns, pattern => pattern(value)));
        var isNull = IsNull(path);
        return values.Contains(BsonNull.Value) ? document => isNull(document) || any(document) : any;
    }

    // Null equals a missing field, too.
    private static Predicate<BsonDocument> IsNull(FieldPath path) =>
        document => path.ValuesIn(document).Any(value => value is null or BsonNull || value is BsonArray array && array.Any(item => item.IsBsonNull));

    // Only values of the bound's type are above or below it; NaN neither.
    private static Predicate<BsonDocument> Ordered(FieldPath path, BsonValue bound, Predicate<int> inOrder, bool orEqual)
    {
        if (bound is BsonMinKey or BsonMaxKey or BsonRegularExpression or BsonUndefined)
            throw CommandException.NotImplemented($"bounds of type {bound.BsonType}");
        if (bound.IsBsonNull)
            return orEqual ? IsNull(path) : _ => false;
        var rank = ValueOrder.RankOf(bound);
        var isNaN = IsNaN(bound);
        return AnyValue(path, value => ValueOrder.RankOf(value) == rank && IsNaN(value) == isNaN && inOrder(ValueOrder.Instance.Compare(value, bound)));
    }

    private static Predicate<BsonDocument> Exists(FieldPath path, bool wanted) => document => path.ValuesIn(document).Any(value => value is not null) == wanted;

    private static Predicate<BsonDocument> Size(FieldPath path, int size) => document => path.ValuesIn(document).Any(value => value is BsonArray array && array.Count == size);

    private static Predicate<BsonDocument> Type(FieldPath path, BsonValue argument)
    {
        var types = (argument as BsonArray ?? [argument]).SelectMany(TypeNames.Types).ToHashSet();
        return AnyValue(path, value => types.Contains(value.BsonType));
    }

    private static Predicate<BsonDocument> Not(Predicate<BsonDocument> condition) => document => !condition(document);

    // The value at the path, and each element of it when it is an array.
    private static Predicate<BsonDocument> AnyValue(FieldPath path, Predicate<BsonValue> test) =>
        document => path.ValuesIn(document).Any(value => value is not null && (test(value) || value is BsonArray array && array.Any(item => test(item))));

    private static BsonArray Values(string name, BsonValue argument) =>
        argument as BsonArray ?? throw new CommandException(ErrorCode.BadValue, $"{name} needs an array");

    private static bool IsNaN(BsonValue value) => value is BsonDouble { Value: double.NaN };
}
