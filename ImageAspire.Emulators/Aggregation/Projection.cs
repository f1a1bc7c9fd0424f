using ImageAspire.Emulators.Updates;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Aggregation;

/// <summary>Projections: the fields that are kept, and computed ones. The id is kept unless it is left out.</summary>
internal static class Projection
{
    private const string Id = "_id";

    /// <summary>What a projection makes of a document; an empty one keeps everything.</summary>
    /// <exception cref="CommandException">It leaves fields out, which the stand-in has for <c>_id</c> only.</exception>
    public static Func<BsonDocument, BsonDocument> Of(BsonDocument projection)
    {
        if (projection.ElementCount == 0)
            return document => document;
        var fields = projection.Where(field => field.Name != Id).ToList();
        if (fields.Count == 0 && !projection.Flag(Id) || fields.Any(field => IsFlag(field.Value) && !field.Value.ToBoolean()))
            throw CommandException.NotImplemented("projections that leave fields out");
        if (projection.TryGetValue(Id, out var id) && !IsFlag(id))
            throw CommandException.NotImplemented("projections that compute an _id");
        var keepsId = projection.Flag(Id, otherwise: true);
        List<FieldPath> kept = [.. fields.Where(field => IsFlag(field.Value)).Select(field => new FieldPath(field.Name)), .. keepsId ? [new FieldPath(Id)] : Array.Empty<FieldPath>()];
        var computed = fields.Where(field => !IsFlag(field.Value)).Select(field => (Path: new FieldPath(field.Name), Value: Expression.Of(field.Value))).ToList();
        return document =>
        {
            var result = (BsonDocument)Kept(document, [.. kept.Select(path => new Rest(path, 0))])!;
            foreach (var (path, value) in computed)
            {
                if (value(document) is { } present)
                    UpdatePath.Set(result, path, present);
            }

            return result;
        };
    }

    private static bool IsFlag(BsonValue value) => Numbers.IsNumber(value) || value.IsBoolean;

    // Kept fields stay in the document's order. Of an array, the documents in it are projected and other elements are left out.
    private static BsonValue? Kept(BsonValue value, List<Rest> paths)
    {
        if (paths.Exists(path => path.IsEnd))
            return value;
        if (value is BsonArray array)
            return new BsonArray(array.Select(item => Kept(item, paths)).OfType<BsonValue>());
        if (value is not BsonDocument document)
            return null;
        var result = new BsonDocument();
        foreach (var element in document)
        {
            var below = paths.Where(path => path.Next == element.Name).Select(path => path.Below).ToList();
            if (below.Count > 0 && Kept(element.Value, below) is { } kept)
                result.Add(element.Name, kept);
        }

        return result;
    }

    // What is left of a path below a value.
    private readonly record struct Rest(FieldPath Path, int Step)
    {
        public bool IsEnd => Step == Path.Steps.Count;

        public string Next => Path.Steps[Step];

        public Rest Below => new(Path, Step + 1);
    }
}
