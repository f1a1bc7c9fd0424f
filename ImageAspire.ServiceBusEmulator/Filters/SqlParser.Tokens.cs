namespace ImageAspire.ServiceBusEmulator.Filters;

/// <summary>How it moves from token to token.</summary>
internal sealed partial class SqlParser
{
    private SqlToken Now => _tokens[_at];

    private string Name() => Now.Kind is SqlTokenKind.Word or SqlTokenKind.Name ? _tokens[_at++].Text : throw Unexpected("a property");

    private bool Take(string keywordOrSymbol)
    {
        if (!Now.Is(keywordOrSymbol))
            return false;
        _at++;
        return true;
    }

    private void Must(string keywordOrSymbol)
    {
        if (!Take(keywordOrSymbol))
            throw Unexpected($"'{keywordOrSymbol}'");
    }

    private void MustEnd()
    {
        if (Now.Kind != SqlTokenKind.End)
            throw Unexpected("the end");
    }

    private FilterException Unexpected(string wanted) =>
        new(Now.Kind == SqlTokenKind.End ? $"The expression ends where {wanted} is expected." : $"Position {Now.Position}: {wanted} is expected here.");
}
