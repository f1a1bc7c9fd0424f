namespace ImageAspire.Analysis;

/// <summary>Names of the time of day by a camera's clock.</summary>
internal static class DayTimes
{
    /// <summary><c>morning</c> (5–11), <c>afternoon</c> (12–16), <c>evening</c> (17–21) or <c>night</c>; null when the time is unknown or only a date.</summary>
    public static string? Of(DateTime? taken) => taken switch
    {
        null => null,
        { TimeOfDay.Ticks: 0 } => null, // midnight to the second: a date without a time
        { Hour: >= 5 and < 12 } => "morning",
        { Hour: >= 12 and < 17 } => "afternoon",
        { Hour: >= 17 and < 22 } => "evening",
        _ => "night",
    };
}
