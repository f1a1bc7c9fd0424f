using System.Globalization;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>Command-line options of one benchmark: <c>--name value</c> pairs. What is not known is an error, not ignored.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    private Options()
    {
    }

    /// <exception cref="ArgumentException">An unknown option, or one without a value.</exception>
    public static Options Parse(string[] args, params string[] known)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!known.Contains(args[i]))
                throw new ArgumentException($"Unknown option '{args[i]}'. Known are: {string.Join(", ", known)}.");
            if (i + 1 == args.Length)
                throw new ArgumentException($"{args[i]} needs a value.");
            options._values[args[i]] = args[i + 1];
        }

        return options;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int byDefault, int min, int max)
    {
        if (!_values.TryGetValue(name, out var text))
            return byDefault;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentException($"{name} must be a number from {min} to {max}, not '{text}'.");
    }

    public TimeSpan Seconds(string name, int byDefault) => TimeSpan.FromSeconds(Number(name, byDefault, 1, 120));
}
