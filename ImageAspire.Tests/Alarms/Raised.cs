using ImageAspire.Core.Alarms;

namespace ImageAspire.Tests.Alarms;

/// <summary>Alarms.</summary>
internal static class Raised
{
    /// <summary>One that is open since noon.</summary>
    public static Alarm Alarm(string code, string? name = null) => new()
    {
        Id = Guid.CreateVersion7(), Code = code, Name = name, Since = Samples.Noon.AddMinutes(-1), RaisedAt = Samples.Noon, Description = $"{code} {name}.",
    };
}
