using ImageAspire.Emulators.Filters;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Aggregation;

/// <summary>The stages of aggregations.</summary>
internal static class Pipeline
{
    /// <summary>The result for documents.</summary>
    /// <exception cref="CommandException">The stand-in does not know a stage.</exception>
    public static IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> documents, BsonArray stages) => stages.Aggregate(documents, (before, stage) =>
        stage is BsonDocument { ElementCount: 1 } one ? Run(before, one.GetElement(0))
            : throw new CommandException(ErrorCode.FailedToParse, "A pipeline stage specification object must contain exactly one field."));

    private static IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> documents, BsonElement stage) => stage.Name switch
    {
        "$match" => documents.Where(new Func<BsonDocument, bool>(Filter.Of(Body(stage)))),
        "$project" => documents.Select(Projection.Of(Body(stage))),
        "$group" => GroupStage.Run(documents, Body(stage)),
        "$sort" => DocumentSort.By(Body(stage), documents),
        "$limit" => documents.Take(Numbers.Whole(stage.Value, stage.Name)),
        "$unwind" => Unwind(documents, stage.Value),
        _ => throw new CommandException(ErrorCode.Location40324, $"Unrecognized pipeline stage name: '{stage.Name}', at least of the stand-in for MongoDB."),
    };

    private static BsonDocument Body(BsonElement stage) =>
        stage.Value as BsonDocument ?? throw new CommandException(ErrorCode.TypeMismatch, $"the argument of {stage.Name} must be an object");

    // A document for each element; none where there is none. What is no array counts as one with it as its element.
    private static IEnumerable<BsonDocument> Unwind(IEnumerable<BsonDocument> documents, BsonValue argument)
    {
        if (argument is not BsonString { Value: ['$', .. var field] } || field.Contains('.', StringComparison.Ordinal))
            throw CommandException.NotImplemented("$unwind with options or of a nested field");
        return documents.SelectMany(document => Elements(document.GetValue(field, BsonNull.Value))
            .Select(one => new BsonDocument(document.Select(element => element.Name == field ? new BsonElement(field, one) : element))));
    }

    private static BsonArray Elements(BsonValue value) => value switch
    {
        BsonNull => [],
        BsonArray array => array,
        _ => [value],
    };
}
