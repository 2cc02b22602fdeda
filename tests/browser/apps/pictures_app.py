"""Three charts as the project draws them, with the buttons below, to be tried in a real browser."""

import plotly.graph_objects as go
import streamlit as st

from atlas.interface.pictures import figure_tools, link_button, picture_buttons

LABELS = {
    "group": "図を持ち出す",
    "png": "画像で保存(PNG)",
    "svg": "画像で保存(SVG)",
    "link": "リンクをコピー",
    "saved": "{name}を保存しました。",
    "missing": "図が見つかりません。表示されてから押してください。",
    "failed": "画像を作れませんでした。",
    "copied": "リンクをコピーしました。",
    "copy_failed": "コピーできませんでした。{url}",
}
TITLE = "「しばしば・常に」孤独を感じる人は4.3%で、一人で暮らす人では8.9%と高く、年齢でみると30歳代と50歳代で高い(2024年調査)"
SUBTITLE = "孤独感の頻度、回答の割合(%)、全国16歳以上、2021~2024年"
FOOTER = (
    "出典: 内閣官房・内閣府「人々のつながりに関する基礎調査」(2021~2024年)をもとに作成。",
    "見本の値です。政策の根拠にはなりません <A & B>。",
)
FONT = {"family": '"Yu Gothic UI", "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Meiryo", sans-serif', "size": 14}
YEARS = ["2021", "2022", "2023", "2024"]

st.set_page_config(layout="wide")
dark = st.context.theme.type == "dark"
ink = "#E8ECEF" if dark else "#1C2430"
FONT["color"] = ink


def stacked_bars() -> go.Figure:
    """Ordered answers with a hatched last part and a legend. (A note at "2024" would stand at category number 2024.)"""
    figure = go.Figure()
    parts = {
        "しばしば": (4.5, "#5B1A3A", ""),
        "時々": (14.5, "#C9738B", ""),
        "たまに": (17.4, "#D5DDE0", ""),
        "無回答": (2.0, "#AAAAAA", "/"),
    }
    for name, (value, colour, shape) in parts.items():
        marker = {"color": colour, "pattern": {"shape": shape}}
        figure.add_bar(y=YEARS, x=[value + 0.2 * i for i in range(4)], name=name, orientation="h", marker=marker)
    figure.add_annotation(x=25, y=3, text="<b>注</b>: 調査方法の変更", showarrow=True, arrowhead=2, ax=60, ay=-30)
    return figure.update_layout(barmode="stack", yaxis={"type": "category"})


def lines() -> go.Figure:
    """Lines cut by the plot's edge, so that clip paths matter."""
    figure = go.Figure()
    figure.add_scatter(x=YEARS, y=[16.5, 25.0, 32.4, 38.0], name="鳥取市", line={"color": "#6BC1DE" if dark else "#0F6B8C", "width": 3})
    figure.add_scatter(x=YEARS, y=[10, 60, 20, 30], name="全国", line={"color": "#D07A00"}, fill="tozeroy", mode="lines+markers")
    figure.add_annotation(x=3, y=38, text="鳥取市 38.0%", xanchor="left", showarrow=False)
    return figure.update_layout(yaxis={"range": [0, 45], "ticksuffix": "%"}, xaxis={"type": "category"}, showlegend=False)


def district_map() -> go.Figure:
    """Four districts from shapes of its own."""
    shapes = [
        {
            "type": "Feature",
            "id": f"d{i}",
            "properties": {},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [134 + x, 35 + y],
                        [134 + x, 35.09 + y],
                        [134.09 + x, 35.09 + y],
                        [134.09 + x, 35 + y],
                        [134 + x, 35 + y],
                    ]
                ],
            },
        }
        for i, (x, y) in enumerate([(0, 0), (0.1, 0), (0, 0.1), (0.1, 0.1)])
    ]
    figure = go.Figure(
        go.Choropleth(
            geojson={"type": "FeatureCollection", "features": shapes},
            locations=["d0", "d1", "d2", "d3"],
            z=[1, 2, 3, 4],
            colorscale=["#E6EEF2", "#0B4F6C"],
            colorbar={"title": "割合(%)"},
        )
    )
    return figure.update_geos(fitbounds="locations", visible=False, bgcolor="rgba(0,0,0,0)")


figures = {"bars 1": stacked_bars(), "lines": lines(), "map": district_map()}
for name, figure in figures.items():
    figure.update_layout(font=FONT, height=360, margin={"l": 60, "r": 110, "t": 10, "b": 40}, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)")
    st.plotly_chart(figure, key=f"chart_{name}", theme=None, config={"topojsonURL": "app/static/", "displayModeBar": False})
    figure_tools(
        chart_key=f"chart_{name}",
        file_stem=f"図/{name}",
        title=TITLE,
        subtitle=SUBTITLE,
        footer=FOOTER,
        labels=LABELS,
        key=f"tools_{name}",
    )

st.divider()
picture_buttons(chart_key="nowhere", file_stem="x", title="x", subtitle="", footer=(), labels=LABELS, key="tools_nowhere")
link_button(labels=LABELS, key="only_link")
st.button("もう一度", key="rerun")
