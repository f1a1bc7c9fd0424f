using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Objects;

namespace ImageAspire.Benchmarks.Sight;

/// <summary>A photograph with known content, and what the detector saw at each look.</summary>
internal sealed record SightPhoto(bool IsStamp, string[] Has, string[] Ignore, IReadOnlyList<IReadOnlyList<SeenObject>> Looks)
{
    /// <summary>Names of what is found with these thresholds.</summary>
    public HashSet<string> Found(Thresholds thresholds) => [.. ObjectDetector.Combine(Looks, thresholds).Select(one => one.Name)];
}

/// <summary>How many claims are right, how many wrong, and how many are missing.</summary>
internal sealed record SightCount(int Right, int Wrong, int Missed)
{
    public SightCount(IEnumerable<SightPhoto> photos, Thresholds thresholds, string? name = null)
        : this(0, 0, 0)
    {
        foreach (var photo in photos)
        {
            var found = photo.Found(thresholds);
            bool Counts(string one) => name is null || one == name;
            Right += photo.Has.Count(one => Counts(one) && found.Contains(one));
            Missed += photo.Has.Count(one => Counts(one) && !found.Contains(one));
            Wrong += found.Count(one => Counts(one) && !photo.Has.Contains(one) && !photo.Ignore.Contains(one));
        }
    }

    public double Precision => Right + Wrong == 0 ? double.NaN : (double)Right / (Right + Wrong);

    public double Recall => Right + Missed == 0 ? double.NaN : (double)Right / (Right + Missed);

    public static SightCount operator +(SightCount one, SightCount other) => new(one.Right + other.Right, one.Wrong + other.Wrong, one.Missed + other.Missed);
}
