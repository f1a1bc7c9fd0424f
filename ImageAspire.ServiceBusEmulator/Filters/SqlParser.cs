using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Filters;

/// <summary>Reads filters and rule actions. From weak to strong: OR, AND, NOT, comparison, + -, * / %, sign.</summary>
internal sealed partial class SqlParser
{
    /// <summary>The service's limit, in characters.</summary>
    public const int MaxLength = 1024;

    private const int MaxDepth = 64;
    private static readonly string[] Comparisons = ["=", "<>", "!=", "<", "<=", ">", ">="];
    private readonly List<SqlToken> _tokens;
    private int _at, _depth;

    private SqlParser(string text)
    {
        if (text.Length > MaxLength)
            throw new FilterException($"The expression has {text.Length} characters; {MaxLength} are allowed.");
        _tokens = SqlLexer.Read(text);
    }

    /// <exception cref="FilterException">The text is no condition.</exception>
    public static SqlExpression ParseFilter(string text)
    {
        var parser = new SqlParser(text);
        var filter = parser.Or();
        parser.MustEnd();
        return filter;
    }

    /// <exception cref="FilterException">The text is no list of SET and REMOVE.</exception>
    public static IReadOnlyList<RuleAction.Statement> ParseAction(string text)
    {
        var parser = new SqlParser(text);
        var statements = new List<RuleAction.Statement>();
        while (parser.Now.Kind != SqlTokenKind.End)
        {
            statements.Add(parser.Statement());
            while (parser.Take(";") || parser.Take(","))
            {
            }
        }

        return statements;
    }

    private RuleAction.Statement Statement()
    {
        if (Take("REMOVE"))
            return new RuleAction.Statement(Property(), null);
        Must("SET");
        var property = Property();
        Must("=");
        return new RuleAction.Statement(property, Sum());
    }

    private SqlExpression Or()
    {
        if (++_depth > MaxDepth)
            throw new FilterException($"The expression is nested more than {MaxDepth} levels deep.");
        var left = And();
        while (Take("OR"))
            left = new SqlLogic(false, left, And());
        _depth--;
        return left;
    }

    private SqlExpression And()
    {
        var left = Not();
        while (Take("AND"))
            left = new SqlLogic(true, left, Not());
        return left;
    }

    private SqlExpression Not()
    {
        var isNegated = false;
        while (Take("NOT"))
            isNegated = !isNegated;
        return Negated(isNegated, Comparison());
    }

    private SqlExpression Comparison()
    {
        var left = Sum();
        foreach (var symbol in Comparisons)
        {
            if (Take(symbol))
                return new SqlComparison(symbol, left, Sum());
        }

        if (Take("IS"))
        {
            var isNot = Take("NOT");
            Must("NULL");
            return Negated(isNot, new SqlIsNull(left));
        }

        var isNegated = Take("NOT");
        if (Take("IN"))
            return Negated(isNegated, new SqlIn(left, List()));
        if (Take("LIKE"))
            return Negated(isNegated, new SqlLike(left, Sum(), Take("ESCAPE") ? EscapeCharacter() : null));
        return isNegated ? throw Unexpected("IN or LIKE") : left;
    }

    private static SqlExpression Negated(bool isNegated, SqlExpression expression) => isNegated ? new SqlNot(expression) : expression;

    private List<SqlExpression> List()
    {
        Must("(");
        var values = new List<SqlExpression>();
        do
            values.Add(Sum());
        while (Take(","));
        Must(")");
        return values;
    }

    private char EscapeCharacter() => Now.Kind == SqlTokenKind.Text && Now.Text.Length == 1 ? _tokens[_at++].Text[0] : throw Unexpected("one quoted character");

    private SqlExpression Sum()
    {
        var left = Product();
        while (Now.Is("+") || Now.Is("-"))
            left = new SqlArithmetic(_tokens[_at++].Text[0], left, Product());
        return left;
    }

    private SqlExpression Product()
    {
        var left = Signed();
        while (Now.Is("*") || Now.Is("/") || Now.Is("%"))
            left = new SqlArithmetic(_tokens[_at++].Text[0], left, Signed());
        return left;
    }

    private SqlExpression Signed()
    {
        var isNegative = false;
        while (Now.Is("+") || Now.Is("-"))
            isNegative ^= _tokens[_at++].Text == "-";
        var operand = Operand();
        return isNegative ? new SqlArithmetic('-', new SqlConstant(0L), operand) : operand;
    }

    private SqlExpression Operand()
    {
        if (Now.Kind == SqlTokenKind.Text)
            return new SqlConstant(_tokens[_at++].Text);
        if (Now.Kind == SqlTokenKind.Number)
            return new SqlConstant(_tokens[_at++].Number);
        if (Take("("))
        {
            var inner = Or();
            Must(")");
            return inner;
        }

        if (_tokens[_at].Kind == SqlTokenKind.Word && _at + 1 < _tokens.Count && _tokens[_at + 1].Is("("))
            return Function();
        return Take("TRUE") ? new SqlConstant(true) : Take("FALSE") ? new SqlConstant(false) : Take("NULL") ? new SqlConstant(null) : Property();
    }

    private SqlExpression Function()
    {
        var name = _tokens[_at].Text.ToUpperInvariant();
        if (name is not ("EXISTS" or "NEWID" or "P" or "PROPERTY"))
            throw Unexpected("EXISTS, newid, property or p");
        _at += 2;
        SqlExpression result = name switch
        {
            "NEWID" => new SqlNewId(),
            "EXISTS" => new SqlExists(Property()),
            _ => Now.Kind == SqlTokenKind.Text ? new SqlProperty(false, _tokens[_at++].Text) : Property(),
        };
        Must(")");
        return result;
    }

    private SqlProperty Property()
    {
        var scope = Name();
        if (!Take("."))
            return new SqlProperty(false, scope);
        var name = Name();
        return scope.ToUpperInvariant() switch
        {
            "SYS" => new SqlProperty(true, MessageProperties.NameOf(name) ?? throw new FilterException($"'sys.{name}' is not a system property that filters know here.")),
            "USER" => new SqlProperty(false, name),
            _ => throw new FilterException($"'{scope}.{name}': the scope is sys or user."),
        };
    }
}
