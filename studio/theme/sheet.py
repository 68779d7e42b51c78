"""The style sheet's text. ``$name`` stands for a colour, a size or a mark; ``style_sheet`` fills them in."""

from __future__ import annotations

from typing import Final

SHEET: Final = """
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QToolTip { background: $raised; color: $text; border: 1px solid $borderstrong; padding: 4px 8px; font-size: $px12; }

QWidget[role="panel"], QDockWidget > QWidget { background: $surface; }
QFrame[role="bubble"] { background: $accentsoft; border: none; border-radius: 10px; }
QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 10px; }
QFrame[role="float"], QFrame[role="popup"] { background: $surface; border: 1px solid $borderstrong; border-radius: 10px; }
QFrame[role="well"] { background: $code; border: 1px solid $border; border-radius: 6px; }
QFrame[role="line"] { background: $border; border: none; min-height: 1px; max-height: 1px; }
QFrame[role="upright"] { background: $border; border: none; min-width: 1px; max-width: 1px; }
QFrame[role="bar"] { background: $accentsoft; border: none; border-bottom: 1px solid $border; }
QFrame[role="bar"][tone="warn"] { background: $warnsoft; }
QFrame[role="bar"][tone="bad"] { background: $badsoft; }

QAbstractScrollArea { background: $surface; border: none; }
QLabel { background: transparent; }
QLabel[role="display"] { font-size: $px24; font-weight: 600; }
QLabel[role="title"] { font-size: $px18; font-weight: 600; }
QLabel[role="large"] { font-size: $px15; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="section"] { font-size: $px12; font-weight: 600; color: $muted; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="faint"] { color: $faint; }
QLabel[role="small"] { color: $muted; font-size: $px12; }
QLabel[role="tiny"] { color: $muted; font-size: $px11; }
QLabel[role="code"] { font-family: $mono; font-size: $px12; }
QLabel[role="ok"] { color: $ok; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="chip"] { background: $raised; border: 1px solid $border; border-radius: 4px; padding: 1px 6px; font-size: $px11; color: $muted; }
QLabel:disabled { color: $disabled; }

QPushButton { background: $raised; border: 1px solid $border; border-radius: 6px; padding: 0 12px; min-height: $field; color: $text; }
QPushButton:hover { border-color: $borderstrong; background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $press; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; }
QPushButton[kind="primary"] { background: $btn; border-color: $btn; color: $onbtn; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $btnhover; }
QPushButton[kind="primary"]:pressed { background: $btnpress; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $raised; border-color: $border; color: $disabled; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: $text; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed, QPushButton[kind="quiet"]:checked { background: $press; }
QPushButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="danger"] { color: $bad; }
QPushButton[kind="danger"]:hover { border-color: $bad; background: $badsoft; }
QPushButton[kind="segment"] { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 0 12px; min-height: 22px; color: $muted; }
QPushButton[kind="segment"]:hover { color: $text; }
QPushButton[kind="segment"]:checked { background: $accentsoft; color: $accent; font-weight: 600; }
QPushButton[kind="segment"]:focus { border-color: $accent; }
QFrame[role="segments"] { background: transparent; border: 1px solid $border; border-radius: 7px; }
QPushButton[kind="tab"] { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0 12px; min-height: $control; color: $muted; }
QPushButton[kind="tab"]:hover { color: $text; }
QPushButton[kind="tab"]:checked { background: $raised; color: $text; }
QPushButton[kind="tab"]:focus { border-color: $accent; }
QPushButton[kind="tile"] { background: $surface; border: 1px solid $border; border-radius: 10px; padding: 12px; text-align: left; }
QPushButton[kind="tile"]:hover { border-color: $borderstrong; background: $raised; }
QPushButton[kind="tile"]:focus { border-color: $accent; }
QPushButton[kind="row"] { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0 8px; text-align: left; }
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:focus { border-color: $accent; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0 4px; color: $accent; text-align: left; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="chip"] { background: $accentsoft; border: 1px solid transparent; border-radius: 4px; padding: 0 8px; min-height: 20px; color: $accent; text-align: left; font-size: $px12; }
QPushButton[kind="chip"]:hover, QPushButton[kind="chip"]:focus { border-color: $accent; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $press; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; }
QToolButton[role="small"] { font-size: $px12; color: $muted; padding: 2px 6px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit {
  background: $raised; border: 1px solid $border; border-radius: 6px; padding: 0 8px; selection-background-color: $btn;
  selection-color: $onbtn; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit { min-height: $field; }
QPlainTextEdit, QTextEdit { padding: 4px; background: $code; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover { border-color: $borderstrong; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QComboBox:on { border-color: $accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: $disabled; }
QLineEdit[state="bad"], QPlainTextEdit[state="bad"], QSpinBox[state="bad"], QDoubleSpinBox[state="bad"], QComboBox[state="bad"] { border-color: $bad; }
QLineEdit[role="bare"], QPlainTextEdit[role="bare"], QTextEdit[role="bare"] { background: transparent; border: none; }
QPlainTextEdit[role="field"] { background: $raised; padding: 4px 2px 3px 2px; }
QLineEdit[role="title"] { background: transparent; border: none; padding: 0; font-size: $px15; font-weight: 600; }
QLineEdit[role="search"] { font-size: $px15; min-height: 36px; background: transparent; border: none; border-bottom: 1px solid $border; border-radius: 0; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: transparent; border: none; border-radius: 0; padding: 0 6px; min-height: 0; }
QComboBox { padding-right: 24px; }
QComboBox:!editable { padding-left: 10px; }
QComboBox::drop-down { border: none; width: 24px; subcontrol-position: center right; }
QComboBox::down-arrow { image: $glyph_down; width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $borderstrong; padding: 4px; selection-background-color: $sel; selection-color: $text; }
QSpinBox, QDoubleSpinBox { padding: 0 20px 0 0; }
QSpinBox::up-button, QDoubleSpinBox::up-button { border: none; width: 20px; subcontrol-position: top right; background: transparent; }
QSpinBox::down-button, QDoubleSpinBox::down-button { border: none; width: 20px; subcontrol-position: bottom right; background: transparent; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: $glyph_up; width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: $glyph_down; width: 10px; height: 10px; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: 20px; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $borderstrong; background: $raised; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: $btn; border-color: $btn; }
QCheckBox::indicator:checked { image: $glyph_check_on; }
QCheckBox::indicator:indeterminate { background: $btn; border-color: $btn; image: $glyph_dash_on; }
QRadioButton::indicator:checked { image: $glyph_dot_on; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }

QScrollArea, QScrollArea > QWidget > QWidget[role="panel"] { background: $surface; border: none; }
QTreeView, QListView, QTableView { background: $surface; border: none; alternate-background-color: $raised; gridline-color: $border; show-decoration-selected: 1; selection-color: $text; selection-background-color: $sel; }
QTreeView::item, QListView::item { min-height: 26px; border: none; padding: 0 4px; }
QTreeView::item:hover, QListView::item:hover, QTableView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { background: $sel; color: $text; }
QTreeView:focus, QListView:focus, QTableView:focus { border: none; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: $glyph_right; }
QTreeView::branch:has-children:open { image: $glyph_down; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $border; padding: 4px 8px; font-size: $px12; font-weight: 600; }
QTableCornerButton::section { background: $surface; border: none; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $scrollhover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QMenuBar { background: $surface; border-bottom: 1px solid $border; padding: 2px 8px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 6px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $surface; border: 1px solid $borderstrong; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 10px; border-radius: 4px; min-width: 120px; }
QMenu::item:selected { background: $sel; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 12px; height: 12px; padding-left: 8px; }
QMenu::indicator:checked { image: $glyph_check; }
QMenu::right-arrow { image: $glyph_right; width: 10px; height: 10px; padding-right: 8px; }

QTabWidget::pane { border: none; border-top: 1px solid $border; background: $surface; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 0 12px; min-height: $control; border-radius: 6px; margin: 2px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { background: $raised; color: $text; }
QTabBar::tab:focus { border: 1px solid $accent; }
QDockWidget { color: $muted; }
QDockWidget::title { background: $surface; padding: 4px 8px; }

QProgressBar { background: $raised; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; text-align: center; }
QProgressBar::chunk { background: $btn; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; background: $border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $btn; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $text; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider[state="unset"]::handle:horizontal:!focus { background: $scrollhover; }
QSlider[state="unset"]::sub-page:horizontal { background: $border; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
QGroupBox { border: 1px solid $border; border-radius: 10px; margin-top: 16px; padding: 12px; }
QGroupBox::title { subcontrol-origin: margin; left: 12px; color: $muted; font-weight: 600; }
QStatusBar { background: $surface; border-top: 1px solid $border; color: $muted; font-size: $px12; }
QStatusBar::item { border: none; }
QStatusBar QLabel { font-size: $px12; color: $muted; }
QWidget#titleBar { background: $surface; border-bottom: 1px solid $border; }
QWidget#bottomTabs { background: $surface; border-bottom: 1px solid $border; }
QListView[role="gallery"] { background: transparent; }
QListView[role="gallery"]::item { border: 1px solid $border; border-radius: 10px; margin: 4px; padding: 8px 4px; background: $surface; }
QListView[role="gallery"]::item:hover { border-color: $borderstrong; }
QListView[role="gallery"]::item:selected { border-color: $accent; background: $sel; }
QWidget#welcome { background: $window; }
QGraphicsView { background: $canvas; border: none; }
"""
