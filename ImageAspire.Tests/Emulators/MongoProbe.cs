using MongoDB.Driver;

namespace ImageAspire.Tests.Emulators;

/// <summary>A question to a server, and what MongoDB answers.</summary>
/// <param name="Name">The question.</param>
/// <param name="Ask">Asks it.</param>
/// <param name="Answer">As text: a value, ids with commas in between, or "error" and its code.</param>
internal sealed record MongoProbe(string Name, Func<ProbeDatabase, object?> Ask, string Answer)
{
    /// <summary>The answer of a server.</summary>
    public string Run(IMongoDatabase database)
    {
        try
        {
            return $"{Ask(new ProbeDatabase(database))}";
        }
        catch (MongoCommandException error)
        {
            return $"error {error.Code}";
        }
        catch (MongoWriteException error)
        {
            return $"error {error.WriteError.Code}";
        }
        catch (MongoBulkWriteException error)
        {
            return "errors " + string.Join(',', error.WriteErrors.Select(one => $"{one.Index}:{one.Code}"));
        }
    }
}
