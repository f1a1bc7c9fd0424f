using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>A sentence made of measured facts, for example "A bright landscape photo, mostly blue and green, taken in the afternoon."</summary>
internal static class MeasuredCaption
{
    /// <summary>Without any known fact it is "An image."</summary>
    public static string Of(ImageRecord record)
    {
        var tags = MeasuredTags.Of(record).Select(t => t.Name).ToHashSet();
        List<string> words = [];
        foreach (var adjective in (string[])["bright", "dark", "blurry", "black and white", "animated"])
        {
            if (tags.Contains(adjective))
                words.Add(adjective);
        }

        var shape = MeasuredTags.ShapeOf(record);
        var noun = record.Camera is not null || record.TakenAtLocal is not null ? "photo" : "image"; // only a camera makes it a photo
        if (shape == "panorama")
            words.Add(record.Width > record.Height ? "wide panoramic" : "tall panoramic");
        else if (shape is not null)
            words.Add(shape);
        words.Add(noun);
        var sentence = $"{(words[0][0] is 'a' or 'i' ? "An" : "A")} {string.Join(' ', words)}";
        if (record.Colors is { Monochrome: false } colors && ColorNames.OfDominant(colors) is { Count: > 0 } names)
            sentence += $", mostly {string.Join(" and ", names.Take(2))}";
        if (DayTimes.Of(record.TakenAtLocal) is { } dayTime)
            sentence += dayTime == "night" ? ", taken at night" : $", taken in the {dayTime}";
        return sentence + ".";
    }
}
