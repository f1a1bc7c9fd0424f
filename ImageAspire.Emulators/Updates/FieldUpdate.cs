using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Updates;

/// <summary>One operator on one field.</summary>
/// <param name="Operator">Its name.</param>
/// <param name="Path">The field.</param>
/// <param name="Argument">Its argument.</param>
internal sealed record FieldUpdate(string Operator, FieldPath Path, BsonValue Argument)
{
    /// <summary>Changes the field of a document.</summary>
    /// <exception cref="CommandException">The stand-in does not know the operator, or the field has a type that it cannot change.</exception>
    public void Apply(BsonDocument document)
    {
        var before = UpdatePath.Find(document, Path);
        switch (Operator)
        {
            case "$set" or "$setOnInsert":
                UpdatePath.Set(document, Path, Argument.DeepClone());
                break;
            case "$unset":
                UpdatePath.Remove(document, Path);
                break;
            case "$inc":
                UpdatePath.Set(document, Path, Incremented(before));
                break;
            case "$max" when before is null || ValueOrder.Instance.Compare(Argument, before) > 0:
                UpdatePath.Set(document, Path, Argument.DeepClone());
                break;
            case "$max":
                break;
            case "$push":
                UpdatePath.Set(document, Path, ArrayUpdates.Push(before, Argument, Path));
                break;
            case "$pull" when before is not null:
                UpdatePath.Set(document, Path, ArrayUpdates.Pull(before, Argument, Path));
                break;
            case "$pull":
                break;
            default:
                throw new CommandException(ErrorCode.FailedToParse, $"Unknown modifier: {Operator}, at least of the stand-in for MongoDB.");
        }
    }

    private BsonValue Incremented(BsonValue? before)
    {
        if (!Numbers.IsNumber(Argument))
            throw new CommandException(ErrorCode.TypeMismatch, $"Cannot increment with non-numeric argument: {{{Path.Dotted}: {Argument}}}");
        if (before is null)
            return Argument;
        if (!Numbers.IsNumber(before))
            throw new CommandException(ErrorCode.TypeMismatch, $"Cannot apply $inc to a value of non-numeric type: '{Path.Dotted}' is {before.BsonType}");
        try
        {
            return Numbers.Add(before, Argument);
        }
        catch (OverflowException)
        {
            throw new CommandException(ErrorCode.BadValue, $"Failed to apply $inc operations to current value ({before}) of '{Path.Dotted}'");
        }
    }
}
