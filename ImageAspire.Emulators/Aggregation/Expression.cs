using ImageAspire.Emulators.Updates;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Aggregation;

/// <summary>Expressions of aggregations. Null (of C#) stands for a missing field.</summary>
internal static class Expression
{
    /// <summary>The value of an expression for a document.</summary>
    /// <exception cref="CommandException">The stand-in does not know it.</exception>
    public static Func<BsonDocument, BsonValue?> Of(BsonValue expression) => expression switch
    {
        BsonString { Value: ['$', '$', ..] variable } => throw CommandException.NotImplemented($"variable '{variable}'"),
        BsonString { Value: ['$', .. var path] } => Field(new FieldPath(path)),
        BsonDocument { ElementCount: 1 } document when document.GetElement(0) is { Name: ['$', ..] } call => Call(call.Name, call.Value),
        BsonDocument document => Fields(document),
        BsonArray items => Items(items),
        _ => _ => expression,
    };

    private static Func<BsonDocument, BsonValue?> Call(string name, BsonValue argument)
    {
        var arguments = (argument as BsonArray ?? [argument]).Select(Of).ToArray();
        return (name, arguments) switch
        {
            ("$ifNull", [var value, var otherwise]) => document => value(document) is { IsBsonNull: false } present ? present : otherwise(document),
            ("$cond", [var test, var yes, var no]) => document => IsTrue(test(document)) ? yes(document) : no(document),
            ("$gt", [var a, var b]) => document => (BsonBoolean)(Compare(a(document), b(document)) > 0),
            ("$slice", [var array, var count]) => document => array(document) is BsonArray all
                ? ArrayUpdates.Cut(all, Numbers.Whole(count(document) ?? BsonNull.Value, name)) : BsonNull.Value,
            _ => throw new CommandException(ErrorCode.InvalidPipelineOperator, $"Unrecognized expression '{name}' with {arguments.Length} arguments, at least of the stand-in for MongoDB."),
        };
    }

    // A field of documents in an array is the array of its values.
    private static Func<BsonDocument, BsonValue?> Field(FieldPath path)
    {
        return document => At(document, 0);

        BsonValue? At(BsonValue value, int step)
        {
            if (step == path.Steps.Count)
                return value;
            return value switch
            {
                BsonDocument document => document.TryGetValue(path.Steps[step], out var next) ? At(next, step + 1) : null,
                BsonArray array => new BsonArray(array.Select(item => At(item, step)).OfType<BsonValue>()),
                _ => null,
            };
        }
    }

    private static Func<BsonDocument, BsonValue?> Fields(BsonDocument document)
    {
        var fields = document.Select(field => field.Name.StartsWith('$')
            ? throw new CommandException(ErrorCode.InvalidPipelineOperator, $"an expression has one operator, not '{field.Name}' beside others")
            : (field.Name, Value: Of(field.Value))).ToList();
        return of => new BsonDocument(fields.Select(field => (field.Name, Value: field.Value(of))).Where(field => field.Value is not null)
            .Select(field => new BsonElement(field.Name, field.Value)));
    }

    private static Func<BsonDocument, BsonValue?> Items(BsonArray array)
    {
        var items = array.Select(Of).ToList();
        return document => new BsonArray(items.Select(item => item(document) ?? BsonNull.Value));
    }

    // A missing field is below null.
    private static int Compare(BsonValue? a, BsonValue? b) => ValueOrder.Instance.Compare(a ?? BsonUndefined.Value, b ?? BsonUndefined.Value);

    private static bool IsTrue(BsonValue? value) => value is not (null or BsonNull or BsonUndefined or BsonBoolean { Value: false }) && !(Numbers.IsNumber(value) && value.ToDouble() == 0);
}
