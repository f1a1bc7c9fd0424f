namespace ImageAspire.ServiceBusEmulator.Filters;

/// <summary>Patterns of LIKE: <c>%</c> is any text, <c>_</c> any character; what follows the escape character is itself.</summary>
internal static class LikePattern
{
    /// <summary>Whether the whole text fits. Takes text length × pattern length at most.</summary>
    /// <exception cref="FilterException">The pattern ends in its escape character.</exception>
    public static bool Matches(string text, string pattern, char? escape)
    {
        var parts = Parse(pattern, escape);
        var (at, part, star, starAt) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (part < parts.Count && parts[part].IsAnyText)
                (star, starAt) = (part++, at);
            else if (part < parts.Count && (parts[part].Literal is null || parts[part].Literal == text[at]))
                (at, part) = (at + 1, part + 1);
            else if (star >= 0)
                (part, at) = (star + 1, ++starAt); // the last % takes one character more
            else
                return false;
        }

        while (part < parts.Count && parts[part].IsAnyText)
            part++;
        return part == parts.Count;
    }

    private static List<(bool IsAnyText, char? Literal)> Parse(string pattern, char? escape)
    {
        var parts = new List<(bool, char?)>(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == escape)
                parts.Add((false, ++i < pattern.Length ? pattern[i] : throw new FilterException($"The pattern '{pattern}' ends in its escape character.")));
            else
                parts.Add(pattern[i] switch { '%' => (true, null), '_' => (false, null), var literal => (false, literal) });
        }

        return parts;
    }
}
