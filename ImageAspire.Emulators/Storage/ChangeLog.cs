namespace ImageAspire.Emulators.Storage;

/// <summary>Where every change goes before it is seen: into the journal, when there is one, together with the statement that made it.</summary>
/// <param name="journal">Null: everything is in memory only.</param>
/// <param name="retried">The statements.</param>
internal sealed class ChangeLog(Journal? journal, RetriedWrites retried)
{
    /// <summary>Adds a change.</summary>
    public void Add(Change change, RetriedStatement? done = null)
    {
        journal?.Append(JournalRecord.Write(change, done));
        if (done is not null)
            retried.Remember(done);
    }
}
