using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>Runs the statements of a write: in order up to the first error, or all of them. One that a driver sends again is not done again.</summary>
/// <param name="retried">The statements that were done.</param>
internal sealed class Statements(RetriedWrites retried)
{
    /// <summary>Most statements of a command.</summary>
    public const int Most = 100_000;

    /// <summary>Runs all statements of a command.</summary>
    /// <param name="context">The command.</param>
    /// <param name="field">The field with its statements.</param>
    /// <param name="run">Runs one; gets the statement and how to say that it was done.</param>
    public BsonDocument Run(CommandContext context, string field, Func<BsonDocument, Func<StatementResult, RetriedStatement?>, StatementResult> run)
    {
        var statements = context.Body.Array(field);
        if (statements.Count is 0 or > Most)
            throw new CommandException(ErrorCode.BadValue, $"Write batch sizes must be between 1 and {Most}. Got {statements.Count} operations.");
        var isOrdered = context.Body.Flag("ordered", otherwise: true);
        var (results, errors, repeated) = (new Dictionary<int, StatementResult>(), new BsonArray(), new BsonArray());
        for (var i = 0; i < statements.Count && (errors.Count == 0 || !isOrdered); i++)
        {
            var number = i;
            try
            {
                CheckFault(context, i);
                if (context.Retry is { } retry && retried.Find(retry, i) is { } before)
                {
                    results[i] = StatementResult.Of(before);
                    repeated.Add(i);
                }
                else
                {
                    results[i] = run(statements[i].AsBsonDocument, result => context.Retry?.Done(number, result.ToBson()));
                }
            }
            catch (CommandException error)
            {
                errors.Add(Answers.WriteError(i, error));
            }
        }

        return Summary(field, results, errors, repeated);
    }

    private static void CheckFault(CommandContext context, int statement)
    {
        if (context.Fault is { StatementErrorCode: { } code } fault && statement >= fault.FirstRefused)
            throw new CommandException((ErrorCode)code, "A test lets this statement fail.");
    }

    private static BsonDocument Summary(string field, Dictionary<int, StatementResult> results, BsonArray errors, BsonArray repeated)
    {
        var answer = new BsonDocument("n", results.Values.Sum(one => one.Count));
        if (field == "updates")
            answer.Add("nModified", results.Values.Sum(one => one.Modified));
        var upserted = results.Where(one => one.Value.Upserted is not null).Select(one => new BsonDocument { { "index", one.Key }, { "_id", one.Value.Upserted } }).ToList();
        if (upserted.Count > 0)
            answer.Add("upserted", new BsonArray(upserted));
        if (errors.Count > 0)
            answer.Add("writeErrors", errors);
        if (repeated.Count > 0)
            answer.Add("retriedStmtIds", repeated);
        return answer;
    }
}
