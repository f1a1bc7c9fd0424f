namespace ImageAspire.Worker.Scrub;

/// <summary>One step of the scrub after the other: in turn an image of the pass, and one that was found damaged before.</summary>
internal sealed class Scrubber(ScrubPass pass, OriginalExaminer examiner, ScrubRegister register)
{
    private bool _lookedAgain;

    /// <summary>Examines one image; false when there is nothing to do now.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var looked = _lookedAgain;
        _lookedAgain = !looked && await register.LookAgainAsync(cancellationToken);
        if (_lookedAgain)
            return true;
        if (await pass.NextAsync(cancellationToken) is not { } record)
            return looked; // more findings may be due
        if (await examiner.ExamineAsync(record, cancellationToken) is { } damage)
            await register.AddAsync(record, damage, cancellationToken);
        await pass.PassAsync(record, cancellationToken);
        return true;
    }

    /// <summary>Another process runs the scrub.</summary>
    public void Rest() => register.Forget();
}
