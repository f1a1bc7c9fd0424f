using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>A command that the stand-in knows.</summary>
/// <param name="Run">Runs it; the answer without <c>ok</c>.</param>
/// <param name="Fields">The names of its arguments; one that is not here is refused.</param>
internal sealed record Command(Func<CommandContext, BsonDocument> Run, params string[] Fields)
{
    /// <summary>Whether any argument is taken: what drivers say of themselves grows from version to version.</summary>
    public bool TakesAnything { get; init; }
}
