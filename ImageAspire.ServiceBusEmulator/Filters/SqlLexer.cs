using System.Globalization;
using System.Text;

namespace ImageAspire.ServiceBusEmulator.Filters;

internal enum SqlTokenKind { End, Word, Name, Text, Number, Symbol }

/// <summary>A piece of an expression.</summary>
/// <param name="Kind">A word may be a keyword; a name was quoted and is none.</param>
/// <param name="Text">The word, name, text or symbol.</param>
/// <param name="Number">A long, decimal or double.</param>
/// <param name="Position">Where it begins, from 1.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, object? Number, int Position)
{
    public bool Is(string keywordOrSymbol) => Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && Text.Equals(keywordOrSymbol, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts an expression into tokens.</summary>
internal static class SqlLexer
{
    private static readonly string[] Symbols = ["<>", "!=", ">=", "<=", "=", "<", ">", "(", ")", ",", ".", "+", "-", "*", "/", "%", ";"];

    /// <exception cref="FilterException">A character or a quote that belongs to nothing.</exception>
    public static List<SqlToken> Read(string text)
    {
        var tokens = new List<SqlToken>();
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
                at++;
            else
                tokens.Add(Next(text, ref at));
        }

        tokens.Add(new SqlToken(SqlTokenKind.End, "", null, text.Length + 1));
        return tokens;
    }

    private static SqlToken Next(string text, ref int at)
    {
        var (start, first) = (at, text[at]);
        switch (first)
        {
            case '\'':
                return new SqlToken(SqlTokenKind.Text, Quoted(text, ref at, '\''), null, start + 1);
            case '"':
                return new SqlToken(SqlTokenKind.Name, Quoted(text, ref at, '"'), null, start + 1);
            case '[':
                return new SqlToken(SqlTokenKind.Name, Quoted(text, ref at, ']'), null, start + 1);
        }

        if (char.IsAsciiDigit(first) || (first == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return new SqlToken(SqlTokenKind.Number, "", Number(text, ref at), start + 1);
        if (char.IsLetter(first) || first is '_' or '$' or '@' or '#')
        {
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$' or '@' or '#'))
                at++;
            return new SqlToken(SqlTokenKind.Word, text[start..at], null, start + 1);
        }

        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) != 0)
                continue;
            at += symbol.Length;
            return new SqlToken(SqlTokenKind.Symbol, symbol, null, start + 1);
        }

        throw new FilterException($"Position {start + 1}: '{first}' is not expected here.");
    }

    private static string Quoted(string text, ref int at, char end)
    {
        var start = at++;
        var result = new StringBuilder();
        while (at < text.Length)
        {
            if (text[at] != end)
            {
                result.Append(text[at++]);
            }
            else if (at + 1 < text.Length && text[at + 1] == end)
            {
                result.Append(end);
                at += 2;
            }
            else
            {
                at++;
                return result.ToString();
            }
        }

        throw new FilterException($"Position {start + 1}: the quote has no end.");
    }

    private static object Number(string text, ref int at)
    {
        var start = at;
        var (isDecimal, isDouble) = (false, false);
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && !isDecimal)))
            isDecimal |= text[at++] == '.';
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            isDouble = true;
            at++;
            if (at < text.Length && text[at] is '+' or '-')
                at++;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
        }

        var digits = text.AsSpan(start, at - start);
        var invariant = CultureInfo.InvariantCulture;
        if (!isDouble && !isDecimal && long.TryParse(digits, NumberStyles.None, invariant, out var whole))
            return whole;
        if (!isDouble && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, invariant, out var exact))
            return exact;
        return double.TryParse(digits, NumberStyles.Float, invariant, out var approximate)
            ? approximate : throw new FilterException($"Position {start + 1}: '{digits}' is no number.");
    }
}
